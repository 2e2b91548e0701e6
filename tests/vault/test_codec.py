"""Entries to bytes and back: every kind round trips, the spelling is frozen, and anything else is unreadable."""

import contextlib
import dataclasses
import json
import re
from datetime import date
from decimal import Decimal
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapnotes.domain import entries
from kapnotes.domain.clock import Stamp
from kapnotes.domain.custody import KeyChange, KeyEpoch, KeyEvent, LogHead, SignOff
from kapnotes.domain.entries import (
    Addendum,
    Amendment,
    Authorization,
    Block,
    CheckIn,
    ClockJump,
    Correction,
    Dose,
    Entry,
    LateEntry,
    Narrative,
    Newer,
    Note,
    Release,
    ReleasedLine,
    Route,
    SessionOpened,
    Signal,
    Staffing,
    Vitals,
)
from kapnotes.domain.errors import Implausible
from kapnotes.domain.members import MEDICAL, SHARED, Compartment, Role, therapy_of
from kapnotes.domain.text import MAX_TEXT
from kapnotes.vault import codec

SCOPE, AUTHOR = "5c" * 16, "a0" * 16

texts = st.text(st.characters(codec="utf-8"), max_size=60)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6)
stamps = st.builds(
    Stamp,
    utc_ns=st.integers(-(2**62), 2**62),
    offset_min=st.integers(-1440, 1440),
    boot_ns=st.integers(0, 2**62),
    boot_id=texts,
)
st.register_type_strategy(Decimal, decimals)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(str, texts)
st.register_type_strategy(int, st.integers(-(2**62), 2**62))
st.register_type_strategy(date, st.dates())
st.register_type_strategy(Compartment, st.sampled_from([SHARED, MEDICAL, therapy_of(AUTHOR)]))
plain = st.one_of(*(st.builds(kind) for kind in entries.type_names if kind not in get_args(Amendment)))
amendments = {
    Correction: st.builds(Correction, target_id=texts, reason=texts, replacement=st.none() | plain),
    LateEntry: st.builds(LateEntry, reason=texts, body=plain),
    Addendum: st.builds(Addendum, target_id=texts, reason=texts, body=plain),
}
bodies = plain | st.one_of(*amendments.values())
everything = st.builds(
    Entry,
    entry_id=st.just("e1" * 16),
    scope_id=st.just(SCOPE),
    author_id=st.just(AUTHOR),
    happened=stamps,
    entered=stamps,
    body=bodies,
)


def entry(body, entered=1_741_093_320_000_000_000):
    stamp = Stamp(entered, 60, 42, "boot")
    return Entry("e1" * 16, SCOPE, AUTHOR, stamp, stamp, body)


def decode(padded):
    return codec.decode(padded, AUTHOR, SCOPE)


def spelled(**changes):
    """Return the padded bytes of a note whose JSON was changed."""
    fields = json.loads(codec.unpad(codec.encode(entry(Note("a")))))
    fields.update(changes)
    return codec.pad(json.dumps(fields, separators=(",", ":")).encode())


@settings(max_examples=150, deadline=None)
@given(everything)
def test_every_entry_comes_back_equal(original):
    padded = codec.encode(original)
    assert decode(padded) == original
    assert type(decode(padded).body) is type(original.body)
    assert codec.encode(decode(padded)) == padded


@pytest.mark.parametrize("kind", entries.type_names)
def test_every_kind_can_be_built_and_comes_back(kind):
    @settings(max_examples=5, deadline=None)
    @given(amendments[kind] if kind in amendments else st.builds(kind))
    def comes_back(body):
        assert decode(codec.encode(entry(body))).body == body

    comes_back()


@settings(max_examples=60, deadline=None)
@given(everything, st.data())
def test_a_flipped_byte_never_raises_anything_but_unreadable(original, data):
    padded = bytearray(codec.encode(original))
    padded[data.draw(st.integers(0, len(padded) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with contextlib.suppress(codec.Unreadable):
        decode(bytes(padded))


FROZEN = [
    (
        Note("tears, hand on chest", "quote"),
        '{"v":1,"kind":"note","id":"e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1","t":{"utc_ns":1741093320000000000,"offset_min":60,'
        '"boot_ns":42,"boot_id":"boot"},"at":{"utc_ns":1741093320000000000,"offset_min":60,"boot_ns":42,'
        '"boot_id":"boot"},"body":{"text":"tears, hand on chest","code":"quote"}}',
    ),
    (
        Dose("ketamine", Decimal("35.0"), Route.IM),
        '{"drug":"ketamine","dose_mg":"35.0","route":"im","is_rescue":false,"taken_by":"staff"}',
    ),
    (
        Correction("77" * 16, "typo", CheckIn("water")),
        '{"target_id":"77777777777777777777777777777777","reason":"typo",'
        '"replacement":{"kind":"check_in","body":{"text":"water"}}}',
    ),
    (
        Correction("77" * 16, "not this patient"),
        '{"target_id":"77777777777777777777777777777777","reason":"not this patient","replacement":null}',
    ),
    (
        SessionOpened(
            "9a" * 16,
            "K-0142",
            3,
            Route.IV,
            Staffing.TEAM,
            (entries.Participant(AUTHOR, "Tess", (Role.THERAPIST,)),),
            "iv",
            "[x]",
            Decimal("61.5"),
        ),
        '{"patient_id":"9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a","patient_code":"K-0142","number":3,"route":"iv",'
        '"staffing":"team","participants":[{"member_id":"a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0","label":"Tess",'
        '"roles":["therapist"]}],"protocol_name":"iv","protocol_text":"[x]","weight_kg":"61.5"}',
    ),
    (
        Release(
            Authorization("Tess", "Dr B", "lines", "care", date(2026, 1, 2), "P", date(2025, 3, 4)),
            (ReleasedLine("e1" * 16, "00" * 32),),
        ),
        '{"authorization":{"discloser":"Tess","recipient":"Dr B","description":"lines","purpose":"care",'
        '"expires_on":"2026-01-02","signed_by":"P","signed_on":"2025-03-04"},"lines":[{"entry_id":'
        '"e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1","sha256":"' + "00" * 32 + '"}]}',
    ),
    (ClockJump(-3.5), '{"jump_s":-3.5}'),
    (
        LateEntry("forgot", CheckIn("calm")),
        '{"reason":"forgot","body":{"kind":"check_in","body":{"text":"calm"}}}',
    ),
    (
        Addendum("", "later", CheckIn()),
        '{"target_id":"","reason":"later","body":{"kind":"check_in","body":{"text":""}}}',
    ),
    (
        SignOff(MEDICAL, "Carl", "CRNA", "complete", (LogHead(MEDICAL, "ab" * 16, 7, "cd" * 32),)),
        '{"compartment":{"kind":2,"owner_id":""},"name":"Carl","credential":"CRNA","meaning":"complete","logs":'
        '[{"compartment":{"kind":2,"owner_id":""},"log_id":"' + "ab" * 16 + '","seq":7,"h":"' + "cd" * 32 + '"}]}',
    ),
    (KeyEvent(KeyChange.MEMBER_REVOKED, "77" * 16), '{"change":"member revoked","subject":"' + "77" * 16 + '"}'),
    (
        KeyEpoch(SHARED, 2, 3, "ef" * 32),
        '{"compartment":{"kind":1,"owner_id":""},"epoch":2,"logs":3,"heads_sha256":"' + "ef" * 32 + '"}',
    ),
    (Narrative(Block.SHIFTS, "softer"), '{"block":"shifts","text":"softer"}'),
]


@pytest.mark.parametrize(("body", "spelling"), FROZEN)
def test_the_spelling_is_frozen(body, spelling):
    payload = codec.unpad(codec.encode(entry(body))).decode()
    assert payload == spelling or payload.endswith(f'"body":{spelling}}}')


def test_the_names_of_fields_are_frozen():
    """Those of all kinds are held by `test_frozen_entries.py`, which has an example of each."""
    names = {name: [f.name for f in dataclasses.fields(kind)] for kind, name in entries.type_names.items()}
    assert " ".join(names["vitals"]) == (
        "systolic_mmhg diastolic_mmhg heart_rate_bpm spo2_percent respiratory_rate_bpm temperature_c etco2_mmhg "
        "o2_l_per_min moaas pain nausea taken_by unusual"
    )
    assert names["infusion"] == ["drug", "rate_mg_per_min", "planned_mg"]
    assert names["waste"] == ["drug", "waste_mg", "witness"]


@pytest.mark.parametrize(
    ("size", "padded"),
    [(0, 128), (124, 128), (125, 256), (252, 256), (253, 512), (4092, 4096), (4093, 8192), (8188, 8192), (8189, 12288)],
)
def test_padding_goes_in_steps(size, padded):
    assert len(codec.pad(b"x" * size)) == padded
    assert codec.unpad(codec.pad(b"x" * size)) == b"x" * size


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\0\0\0",
        codec.pad(b"abc")[:-1] + b"\x01",
        codec.pad(b"abc") + bytes(128),
        codec.pad(b"abc")[:64],
        b"\xff\xff\xff\xff" + bytes(124),
        (5).to_bytes(4, "big"),
    ],
)
def test_other_padding_is_unreadable(padded):
    with pytest.raises(codec.Unreadable):
        codec.unpad(padded)


def test_an_entry_of_an_unknown_kind_is_shown_and_not_dropped():
    read = decode(spelled(kind="scent", body={"x": 1}))
    assert read.body == Newer("scent", 1)
    assert (read.entry_id, read.scope_id, read.author_id) == ("e1" * 16, SCOPE, AUTHOR)


def test_an_entry_of_a_newer_version_is_shown_whatever_else_it_holds():
    read = decode(spelled(v=2, body=[1], more={"a": None}))
    assert read.body == Newer("note", 2)


def test_a_correction_to_an_unknown_kind_is_shown_and_not_dropped():
    body = {"target_id": "t", "reason": "r", "replacement": {"kind": "scent", "body": {}}}
    assert decode(spelled(kind="correction", body=body)).body == Newer("correction", 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 0},
        {"v": "1"},
        {"more": 1},
        {"kind": 7},
        {"id": None},
        {"t": {}},
        {"at": None},
        {"body": {"text": "a"}},
        {"body": {"text": "a", "code": "", "more": 1}},
        {"body": {"text": 1, "code": ""}},
        {"body": []},
        {"kind": "dose", "body": {"drug": "k", "dose_mg": 35, "route": "im", "is_rescue": False, "taken_by": "staff"}},
        {"kind": "phase", "body": {"stage": "later"}},
        {
            "kind": "correction",
            "body": {
                "target_id": "t",
                "reason": "r",
                "replacement": {
                    "kind": "correction",
                    "body": {"target_id": "t", "reason": "r", "replacement": None},
                },
            },
        },
    ],
)
def test_what_is_not_spelled_as_we_spell_it_is_unreadable(changes):
    with pytest.raises(codec.Unreadable) as unreadable:
        decode(spelled(**changes))
    assert unreadable.value.__cause__ is None


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b"\xff",
        codec.unpad(codec.encode(entry(Note("a")))).replace(b'"text":"a"', b'"text":"b","text":"a"'),
        codec.unpad(codec.encode(entry(Note("a")))).replace(b'"v":1', b'"v":1,"v":1'),
        codec.unpad(codec.encode(entry(Note("a")))) + b" ",
    ],
)
def test_repeated_keys_spaces_depth_and_rubbish_are_unreadable(payload):
    with pytest.raises(codec.Unreadable):
        decode(codec.pad(payload))


@pytest.mark.parametrize(
    "body",
    [
        Note("\ud800"),
        ClockJump(float("nan")),
        ClockJump(float("inf")),
        Vitals(heart_rate_bpm=Decimal("NaN")),
        Vitals(moaas=True),
        Note(7),
        Newer("scent", 1),
        Correction("t", "r", Correction("u", "s")),
        Correction("t", "r", Newer("scent", 1)),
    ],
)
def test_what_would_not_come_back_is_refused_before_it_is_sealed(body):
    with pytest.raises(ValueError, match=f"an entry of type {type(body).__name__}") as refused:
        codec.encode(entry(body))
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (Note("\ud800"), "This entry holds half a character, which cannot be kept. Delete it and type it again."),
        (
            Correction("t", "r\udfff", Note("x")),
            "This entry holds half a character, which cannot be kept. Delete it and type it again.",
        ),
        (
            Vitals(unusual=("a", "\ud800")),
            "This entry holds half a character, which cannot be kept. Delete it and type it again.",
        ),
        (ClockJump(float("nan")), "This entry cannot be kept: it holds a value that the vault cannot write down."),
        (Vitals(heart_rate_bpm=Decimal("NaN")), "This entry cannot be kept: it holds a value that the vault cannot wr"),
        (Vitals(heart_rate_bpm=Decimal("sNaN")), "This entry cannot be kept: it holds a value that the vault cannot w"),
        (Newer("scent", 1), "This entry cannot be kept: it holds a value that the vault cannot write down."),
        (Correction("t", "s", Correction("u", "s")), "This entry cannot be kept: it holds a value that the vault cann"),
        (Note("x" * 2_097_148), "This entry is too long: it needs 2,097,"),
    ],
)
def test_what_can_never_be_kept_is_known_in_one_line_before_it_is_tried(body, line):
    with pytest.raises(Implausible) as refused:
        codec.require_storable(entry(body))
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)
    assert refused.value.__cause__ is None
    with pytest.raises((ValueError, Implausible)):
        codec.encode(entry(body))


@pytest.mark.parametrize("field", ["entry_id", "scope_id", "author_id"])
def test_ids_that_are_none_can_never_be_kept(field):
    with pytest.raises(Implausible, match="cannot be kept"):
        codec.require_storable(dataclasses.replace(entry(Note("x")), **{field: "K-0142"}))


@pytest.mark.parametrize("body", [body for body, _ in FROZEN])
def test_what_can_be_kept_is_let_through(body):
    codec.require_storable(entry(body))


@pytest.mark.parametrize(
    ("character", "is_kept"),
    [("x", True), ('"', True), ("\n", True), ("é", True), ("ж", True), ("語", False), ("🜁", False), ("\x01", False)],
)
def test_a_million_characters_of_any_kind_are_kept_or_refused_in_one_line_with_the_limit(character, is_kept):
    long = entry(Note(character * MAX_TEXT))
    if is_kept:
        codec.require_storable(long)
        assert decode(codec.encode(long)) == long
    else:
        with pytest.raises(Implausible) as refused:
            codec.require_storable(long)
        assert re.fullmatch(
            r"This entry is too long: it needs \d,\d{3},\d{3} bytes, and one entry holds 2,097,148 \(a plain letter "
            r"takes 1, an accented or Cyrillic one 2, a Chinese one 3, an emoji 4\)\. Divide it\.",
            str(refused.value),
        )


def test_the_longest_entry_that_is_let_through_fits_its_row(practice):
    with practice.opened("Tess") as (library, tess):
        kept = practice.entry(tess, Signal(""))
        room = codec.MAX_PADDED - 4 - len(codec.unpad(codec.encode(kept)))
        kept = dataclasses.replace(kept, body=Signal("x" * room))
        codec.require_storable(kept)
        library.append(tess, SHARED, kept, patient_id=practice.patient)
        assert library.read(tess, practice.session).entries == (kept,)
        with pytest.raises(Implausible, match="too long"):
            codec.require_storable(dataclasses.replace(kept, body=Signal("x" * (room + 1))))


def test_a_whole_number_in_a_field_of_seconds_comes_back():
    assert decode(codec.encode(entry(ClockJump(2)))).body == ClockJump(2.0)


def test_an_entry_of_a_million_characters_is_kept_and_a_longer_one_refused_in_one_line():
    assert decode(codec.encode(entry(Note("x" * 1024 * 1024)))).body.text == "x" * 1024 * 1024
    with pytest.raises(Implausible, match="too long"):
        codec.encode(entry(Note("x" * 2 * 1024 * 1024)))


def test_a_stamp_is_not_rounded():
    kept = decode(codec.encode(entry(Signal("x"), entered=1_741_093_320_123_456_789)))
    assert kept.entered.utc_ns == 1_741_093_320_123_456_789
    assert msgspec.json.decode(codec.unpad(codec.encode(kept)))["t"]["utc_ns"] == 1_741_093_320_123_456_789
