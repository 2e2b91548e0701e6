"""The summary as a FHIR document: valid, whole in itself, with the locked page, labelled for what is on it."""

import hashlib
import json
from base64 import b64decode

import pytest
from fhir.resources.R4B.documentreference import DocumentReference

from kapnotes.domain.custody import SignOff
from kapnotes.domain.entries import Addendum, Note
from kapnotes.domain.members import Member, Role, therapy_of
from kapnotes.export.fhir_document import document_reference
from tests.export.conftest import CRNA, THERAPIST
from tests.export.profiles import definition, unmet

JANE = Member(THERAPIST, "Jane Roe, LCSW", frozenset({Role.THERAPIST}))
MAX = Member(CRNA, "Max Muster, CRNA", frozenset({Role.MEDICAL}))


@pytest.fixture
def resource_of(issue_of):
    def make(session, maker=JANE, released_count=0, page=b"%PDF- locked"):
        content = document_reference(session.record, page, issue_of(session), maker, released_count=released_count)
        DocumentReference.model_validate_json(content)
        return json.loads(content)

    return make


def codes(concepts):
    return [coding["code"] for concept in concepts for coding in concept["coding"]]


def test_it_holds_the_page_and_says_what_it_is_and_of_whom(session, resource_of):
    session.dose()
    session.close()
    page = bytes(range(256))

    found = resource_of(session, page=page)

    (content,) = found["content"]
    attachment = content["attachment"]
    assert b64decode(attachment["data"]) == page
    assert (attachment["contentType"], attachment["size"]) == ("application/pdf", 256)
    assert b64decode(attachment["hash"]) == hashlib.sha1(page, usedforsecurity=False).digest()
    assert codes([found["type"]]) == ["34904-3"]
    assert codes(found["category"]) == ["clinical-note"]
    assert found["context"]["period"] == {
        "start": "2026-11-13T13:20:00.000+01:00", "end": "2026-11-13T15:20:00.000+01:00",
    }  # fmt: skip
    inside = {f"#{one['id']}": one for one in found["contained"]}
    assert inside[found["subject"]["reference"]]["identifier"][0]["value"] == "K-0142"
    assert inside[found["author"][0]["reference"]]["name"] == [{"text": "Jane Roe, LCSW"}]
    assert codes([resource_of(session, maker=MAX)["type"]]) == ["28623-7"]


def test_it_keeps_to_the_profile_of_us_core_that_it_names(session, resource_of):
    found, profile = resource_of(session), definition("documentreference")

    assert found["meta"]["profile"] == [profile["url"]]
    assert unmet(found, profile) == []
    for part in ("type", "category", "subject"):
        less = {name: value for name, value in found.items() if name != part}
        assert unmet(less, profile) == [f"DocumentReference.{part}"]


def test_its_labels_say_whether_process_notes_are_on_it(session, resource_of):
    assert codes(resource_of(session)["securityLabel"]) == ["R"]
    assert codes(resource_of(session, released_count=2)["securityLabel"]) == ["V", "PSYTHPN"]


def test_it_is_preliminary_until_its_maker_signed_and_amended_where_something_followed(session, resource_of):
    assert resource_of(session)["docStatus"] == "preliminary"
    session.add(SignOff(therapy_of(THERAPIST), "Jane Roe", "LCSW", "mine", ()), 121)
    assert resource_of(session)["docStatus"] == "final"
    session.add(Addendum("", "told at the door", Note("more")), 130)
    assert resource_of(session)["docStatus"] == "amended"


def test_no_word_of_any_note_stands_beside_the_page(session, resource_of):
    session.release(session.add(Note("Zitronenfalter"), 45))

    assert "Zitronenfalter" not in json.dumps(resource_of(session, released_count=1))
