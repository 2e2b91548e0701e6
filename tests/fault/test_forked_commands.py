"""A command whose process was forked answers as one whose process began from nothing."""

import pytest


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("verify", "VAULT", "--json"),
        ("sessions", "VAULT", "--member", "Demo Therapist, LCSW"),
        ("audit", "VAULT", "--member", "Demo Therapist, LCSW", "--out", "VAULT"),
        ("sessions", "VAULT", "--member", "nobody"),
        ("fly",),
    ],
    ids=lambda words: words[0],
)
def test_it_says_and_ends_the_same(kapnotes, small, words):
    command = [small.vault if word == "VAULT" else word for word in words]
    passphrase = small.passphrase(small.therapist) if "--member" in words else None

    forked = kapnotes(*command, passphrase=passphrase)
    fresh = kapnotes(*command, passphrase=passphrase, is_fresh=True)

    assert forked == fresh


def test_it_gets_only_the_files_that_are_handed_to_it(kapnotes, small):
    """A passphrase of the command before is not in reach of the next one."""
    kapnotes("sessions", small.vault, "--member", small.therapist, passphrase=small.passphrase(small.therapist))

    for number in range(3, 12):
        said = kapnotes("sessions", small.vault, "--member", small.therapist, "--passphrase-fd", number)
        assert said.code == 5, (number, said)
