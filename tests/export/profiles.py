"""What a profile of US-Core asks of an Observation, read from its own definition: patterns, fixed values, how many."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "us_core"


def example(name):
    return json.loads((FOLDER / f"uscore-{name}.json").read_text(encoding="utf-8"))


def definition(name):
    return json.loads((FOLDER / f"SD-us-core-{name}.json").read_text(encoding="utf-8"))


DEFINITIONS = {
    found["url"]: found
    for found in map(definition, ("blood-pressure", "heart-rate", "pulse-oximetry", "respiratory-rate"))
}


def unmet(observation, profile):
    """Return the ids of the elements of *profile* that *observation* does not keep to."""
    elements = {element["id"]: element for element in profile["differential"]["element"]}
    return [name for name, element in elements.items() if not _keeps(observation, element, elements)]


def _keeps(observation, element, elements):
    *above, last = element["id"].split(".")
    if not above:
        return True
    parents, path = [observation], above[0]
    for step in above[1:]:
        parents = [child for parent in parents for child in _children(parent, step, path, elements)]
        path = f"{path}.{step}"
    for parent in parents:
        found = _children(parent, last, path, elements)
        if len(found) < element.get("min", 0) or (
            "max" in element and element["max"] != "*" and len(found) > int(element["max"])
        ):
            return False
        asked = [value for key, value in element.items() if key.startswith(("pattern", "fixed"))]
        if not all(holds(pattern, child) for pattern in asked for child in found):
            return False
    return True


def _children(parent, step, path, elements):
    """Return what stands at *step* of *parent*; of a slice only what has the slice's code."""
    name, _, slice_ = step.partition(":")
    value = parent.get(name)
    found = value if isinstance(value, list) else [] if value is None else [value]
    if not slice_:
        return found
    own = elements.get(f"{path}.{step}", {}).get("patternCoding")
    code = elements.get(f"{path}.{step}.code", {}).get("patternCodeableConcept")
    return [one for one in found if (holds(own, one) if own else holds(code, one.get("code", {})))]


def holds(pattern, value):
    """Tell whether *value* has all that *pattern* has."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            key in value and holds(part, value[key]) for key, part in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(holds(part, one) for one in value) for part in pattern)
    return pattern == value


# ----------------------------------------------------------------------- what R4 asks and no model of it checks

CODES = {
    ("Observation", "status"): {
        "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown",
    },
    ("MedicationAdministration", "status"): {
        "in-progress", "not-done", "on-hold", "completed", "entered-in-error", "stopped", "unknown",
    },
    ("Procedure", "status"): {
        "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown",
    },
    ("DocumentReference", "status"): {"current", "superseded", "entered-in-error"},
    ("Patient", "gender"): {"male", "female", "other", "unknown"},
    ("AdverseEvent", "actuality"): {"actual", "potential"},
    ("CodeSystem", "status"): {"draft", "active", "retired", "unknown"},
    ("CodeSystem", "content"): {"not-present", "example", "fragment", "complete", "supplement"},
}  # fmt: skip
"""Required value sets of hl7.org/fhir/R4."""


def faults(bundle):
    """Return what is wrong in *bundle* beyond its shape: codes, references, times, values, profiles; a line each."""
    resources = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    found = ["a name stands twice"] if len(resources) != len(bundle["entry"]) else []
    found += [f"{url} is called {one['id']}" for url, one in resources.items() if url != f"urn:uuid:{one['id']}"]
    found += [f"{name} is not there" for name in references(bundle) if name not in resources]
    for one in resources.values():
        kind = one["resourceType"]
        for (known, field), codes in CODES.items():
            if kind == known and one[field] not in codes:
                found.append(f"{kind}.{field} {one[field]}")
        for field in ("effectivePeriod", "performedPeriod"):
            period = one.get(field, {})
            if period.get("end", "9") < period.get("start", "0"):
                found.append(f"{kind} ends before it begins")
        if kind == "Observation":
            found += _faults_of_reading(one)
        if kind == "MedicationAdministration" and not {"dose", "rateRatio"} & set(one["dosage"]):
            found.append("mad-1")
    return found


def _faults_of_reading(one):
    told = {"valueQuantity", "valueInteger", "valueString", "dataAbsentReason"}
    found = [] if told & set(one) or one.get("component") else ["vs-2: neither a value nor why there is none"]
    found += ["vs-3" for part in one.get("component", []) if not told & set(part)]
    for url in one.get("meta", {}).get("profile", []):
        if url in DEFINITIONS:
            found += unmet(one, DEFINITIONS[url])
    return found


def references(node):
    """Return every reference in *node*."""
    if isinstance(node, dict):
        own = [node["reference"]] if "reference" in node else []
        return own + [name for part in node.values() for name in references(part)]
    return [name for part in node for name in references(part)] if isinstance(node, list) else []
