"""Protocols and codebooks that are shipped with the program."""

from dataclasses import dataclass
from importlib.resources import files

from kapnotes.domain.clinic import ProtocolInUse
from kapnotes.domain.codebook import Codebook, read_codebook
from kapnotes.domain.entries import Route
from kapnotes.domain.protocol import Protocol, read_protocol


@dataclass(frozen=True, slots=True)
class Preset:
    """A protocol with the very text it was read from, which goes into the session that runs by it."""

    protocol: Protocol
    text: str
    signed: ProtocolInUse | None = None
    """Which signed version of the clinic's own it is; None for one as it is shipped."""


def shipped_protocols() -> tuple[Preset, ...]:
    """Return the shipped protocols in the order of their routes."""
    folder = files("kapnotes.resources.protocols")
    presets = []
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".toml"):
            text = item.read_text(encoding="utf-8")
            presets.append(Preset(read_protocol(item.name.removesuffix(".toml"), text), text))
    routes = list(Route)
    return tuple(sorted(presets, key=lambda preset: routes.index(preset.protocol.dose.route)))


def shipped_codebook() -> Codebook:
    """Return the default codebook."""
    return read_codebook(files("kapnotes.resources.codebooks").joinpath("default.toml").read_text(encoding="utf-8"))
