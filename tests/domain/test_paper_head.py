"""The mark on a page: frozen bytes, and read back however it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapnotes.domain.custody import LogHead
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.members import MEDICAL, SHARED, therapy_of
from kapnotes.domain.paper_head import paper_head, read_head

VAULT, SESSION, OWNER = "0a" * 16, "5e" * 16, "7c" * 16
FIRST = LogHead(MEDICAL, "11" * 16, 1470, "aa" * 32)
SECOND = LogHead(MEDICAL, "22" * 16, 12, "bb" * 32)


def test_the_mark_is_frozen():
    head = paper_head(VAULT, SESSION, MEDICAL, [FIRST, SECOND])
    assert head.entries == 1482
    assert head.line == "KAP-HEAD medical 1482 62C7-0BFA-6FA8-96ED-DAFF"
    assert head.full == "KAP-HEAD medical 1482 62C70BFA6FA896EDDAFF6B2690496FE0BA7DFC678199A2110F5F2134E33E8C11"
    process_notes = paper_head(VAULT, SESSION, therapy_of(OWNER), [FIRST])
    assert process_notes.line == "KAP-HEAD therapy 1470 E015-B2C2-3280-6A4C-EB84"


def test_the_order_of_logs_does_not_matter():
    assert paper_head(VAULT, SESSION, MEDICAL, [SECOND, FIRST]) == paper_head(VAULT, SESSION, MEDICAL, [FIRST, SECOND])


@pytest.mark.parametrize(
    "other",
    [
        paper_head("0b" * 16, SESSION, MEDICAL, [FIRST]),
        paper_head(VAULT, "5f" * 16, MEDICAL, [FIRST]),
        paper_head(VAULT, SESSION, SHARED, [FIRST]),
        paper_head(VAULT, SESSION, MEDICAL, [LogHead(MEDICAL, "11" * 16, 1471, "aa" * 32)]),
        paper_head(VAULT, SESSION, MEDICAL, [LogHead(MEDICAL, "12" * 16, 1470, "aa" * 32)]),
        paper_head(VAULT, SESSION, MEDICAL, [LogHead(MEDICAL, "11" * 16, 1470, "ab" * 32)]),
    ],
)
def test_whatever_differs_makes_another_mark(other):
    assert other.digest != paper_head(VAULT, SESSION, MEDICAL, [FIRST]).digest


@given(
    seqs=st.lists(st.integers(1, 1 << 20), min_size=1, max_size=4),
    spaces=st.sampled_from([" ", "  ", "\t", "\n"]),
    change=st.sampled_from([str, str.lower, str.upper]),
    is_full=st.booleans(),
)
def test_a_mark_is_read_back_however_it_is_spaced_and_cased(seqs, spaces, change, is_full):
    logs = [LogHead(MEDICAL, f"{i:02x}" * 16, seq, "aa" * 32) for i, seq in enumerate(seqs)]
    head = paper_head(VAULT, SESSION, MEDICAL, logs)
    written = change(spaces.join((head.full if is_full else head.line).split(" ")))
    assert read_head(f" {written}\n").fits(head)
    assert not read_head(written).fits(paper_head(VAULT, "6e" * 16, MEDICAL, logs))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KAP-HEAD",
        "KAP-HEAD medical",
        "KAP-HEAD medical 1482",
        "KAP-HEAD medical 1482 7F3A-91C0",
        "KAP-HEAD medical 1482 7F3A-91C0-55D2-0B6E-8A1G",
        "KAP-HEAD medical -1 7F3A-91C0-55D2-0B6E-8A17",
        "KAP-HEAD medical 0 7F3A-91C0-55D2-0B6E-8A17",
        "KAP-HEAD everything 1482 7F3A-91C0-55D2-0B6E-8A17",
        "KAP-HEAD medical ١٤٨٢ 7F3A-91C0-55D2-0B6E-8A17",
        "KAP-HEAD medical 1482 " + "7F3A" * 17,
        "KAP-HEAD medical 1482 7F3A--91C0-55D2-0B6E-8A17",
    ],
)
def test_what_is_no_mark_is_said_so(text):
    with pytest.raises(KapnotesError, match="That is no head of a page"):
        read_head(text)
