"""Whoever changes rows, puts old pages or old files back is found out, and what was done is named."""

import pytest

from tests.fault import attacks

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return attacks.make_scene(tmp_path_factory.mktemp("attacks"))


@pytest.mark.parametrize("name", attacks.ATTACKS)
def test_an_attack_on_rows_is_named_with_its_file_and_entry(scene, name, tmp_path):
    assert attacks.attacked(scene, name, tmp_path / "vault") == []


def test_every_class_of_attack_is_tried():
    twice = 2  # the old row in the middle and at the end; the forged author and the forged role
    old_page = 1
    assert len(attacks.ATTACKS) + old_page == attacks.CLASSES + twice


def test_a_page_put_back_is_told_or_nothing_of_it_is_gone(tmp_path):
    tally = attacks.pages_put_back(tmp_path, commits=8)
    assert tally.times >= 5
    assert tally.faults == []


def test_whichever_files_are_put_back_are_all_told(scene, tmp_path):
    tally = attacks.files_put_back(scene, tmp_path)
    assert tally.times == 10
    assert tally.faults == []


def test_the_vault_that_is_attacked_is_whole_before(scene):
    for label, passphrase in attacks.scripts.PASSPHRASES.items():
        report = attacks.verify(scene.vault, label=label, passphrase=passphrase, last_seen=lambda _: scene.seen)
        assert report.findings == ()
