"""FHIR as bytes: written, read again by a model of R4, and handed out only where that takes it."""

from typing import Any

import msgspec

from kapnotes.domain.errors import KapnotesError
from kapnotes.export.fhir_codes import Json


def valid_json(resource: Json, model: Any) -> bytes:  # noqa: ANN401 - a class of fhir.resources, loaded by who hands it in
    """Return *resource* as JSON in UTF-8 that *model*, its class of R4B, takes; R4B is R4 for all that is used.

    Raises:
        KapnotesError: it does not; names the place, and nothing that stands there.
    """
    from pydantic import ValidationError

    content = msgspec.json.Encoder(decimal_format="number").encode(resource)
    try:
        model.model_validate_json(content)
    except ValidationError as error:  # what it says itself holds the words of the record
        place = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
        raise KapnotesError("FHIR does not take this record at {place}; nothing was written.", place=place) from None
    return msgspec.json.format(content, indent=1)
