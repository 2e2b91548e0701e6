"""Seven causes for which a vault does not open or read are never taken for one another, and each says what to do."""

import pytest

from tests.fault import causes
from tests.fault.sections.bits import small_vault


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return small_vault(tmp_path_factory.mktemp("causes"))


@pytest.mark.parametrize("case", causes.CASES, ids=lambda case: f"{case.cause}: {case.name}")
def test_a_cause_is_told_in_one_line_that_says_what_to_do(source, tmp_path, case):
    assert causes.tried(case, source, tmp_path / "vault") == []


def test_every_cause_has_its_cases_and_an_undamaged_vault_has_none(source):
    assert {case.cause for case in causes.CASES} == set(causes.CAUSES)
    assert len(causes.CAUSES) == 7
    assert causes.opening(source, causes.WHO, causes.scripts.PASSPHRASES[causes.WHO]) is None


@pytest.mark.parametrize(
    "case",
    [case for case in causes.CASES if not case.as_child and "process" not in case.name],
    ids=lambda case: f"{case.cause}: {case.name}",
)
def test_verify_has_the_same_exit_code(source, tmp_path, case):
    assert causes.verified(case, source, tmp_path / "vault") == []
