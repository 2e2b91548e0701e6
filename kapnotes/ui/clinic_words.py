"""The clinic's protocols and drugs, as lists and boxes show them."""

from PySide6.QtCore import QCoreApplication

from kapnotes.app.presets import Preset
from kapnotes.domain.clinic import ProtocolInUse, RescueDrug
from kapnotes.domain.clinic_book import ProtocolVersion
from kapnotes.domain.clinic_pages import ClinicPages
from kapnotes.domain.clock import Stamp
from kapnotes.domain.entries import Route
from kapnotes.ui.session_words import route_word


def preset_line(preset: Preset) -> str:
    """Return what a session may begin by: title and version, or that it is as shipped."""
    return f"{preset.protocol.title} · {_origin(preset.signed)}"


def shipped_line(preset: Preset) -> str:
    """Return the row of a shipped preset."""
    words = QCoreApplication.translate("Clinic", "{title}   {name} · as shipped, signed by nobody")
    return words.format(title=preset.protocol.title, name=preset.protocol.name)


def version_line(version: ProtocolVersion, *, is_offered: bool) -> str:
    """Return the row of a signed version: which, by whom and when, and whether sessions begin by it."""
    translate, signed = QCoreApplication.translate, version.signed
    title = version.protocol.title if version.protocol is not None else signed.name
    digits = version.protocol.version if version.protocol is not None else version.fault
    words = translate("Clinic", "{title}   {name} · version {number} ({digits}) · signed by {who}, {when} · {state}")
    return words.format(
        title=title,
        name=signed.name,
        number=version.number,
        digits=digits,
        who=f"{signed.printed_name}, {signed.credential}",
        when=day_and_time(version.signed_at),
        state=_state(version, is_offered=is_offered),
    )


def _state(version: ProtocolVersion, *, is_offered: bool) -> str:
    translate = QCoreApplication.translate
    if version.withdrawn:
        return translate("Clinic", "withdrawn: {}").format(version.withdrawn)
    return translate("Clinic", "sessions begin by it") if is_offered else translate("Clinic", "an older one")


def _origin(signed: ProtocolInUse | None) -> str:
    translate = QCoreApplication.translate
    if signed is None:
        return translate("Clinic", "as shipped")
    words = translate("Clinic", "version {number}, {who}, {day}")
    return words.format(number=signed.number, who=signed.printed_name, day=f"{signed.signed.local():%Y-%m-%d}")


def drug_line(drug: RescueDrug) -> str:
    """Return a drug of the list: name, usual routes, unit; never a dose."""
    routes = ", ".join(route_word(Route(route)) for route in drug.routes)
    unit = drug.unit
    if unit != "mg":
        unit = QCoreApplication.translate("Clinic", "usually in {}; the log takes mg").format(unit)
    return "   ".join(part for part in (drug.name, routes, unit) if part)


def pages_line(pages: ClinicPages) -> str:
    """Return the row of what every summary says for the clinic."""
    translate = QCoreApplication.translate
    call = " · ".join(pages.whom_to_call.splitlines()) or translate("Clinic", "nobody is named")
    words = translate("Clinic", "on every summary: window {first} to {last} h, whom to call: {call}")
    said = words.format(first=pages.window_first_h, last=pages.window_last_h, call=call)
    return f"{said} · 42 CFR Part 2" if pages.is_part_2_program else said


def day_and_time(stamp: Stamp) -> str:
    """Return day and time of a signature."""
    return f"{stamp.local():%Y-%m-%d %H:%M}"
