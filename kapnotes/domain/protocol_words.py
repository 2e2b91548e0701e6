"""What a protocol means, in words: what its author reads before signing."""

from kapnotes.domain.figure import plain
from kapnotes.domain.limits import BOUNDS
from kapnotes.domain.protocol import Protocol, VitalsRule, end_min
from kapnotes.domain.words import Translate


def meaning(protocol: Protocol, translate: Translate) -> tuple[str, ...]:
    """Return what *protocol* means, a line for each thing."""
    rules = [_rule(rule, protocol, translate) for rule in protocol.vitals]
    lines = [
        translate("Protocol", "Dose: {}.").format(_dose(protocol, translate)),
        translate("Protocol", "Vitals: {}.").format("; ".join(rules)),
        translate("Protocol", "Each set: {}.").format(", ".join(protocol.measure)),
    ]
    hold = ", ".join(f"{BOUNDS[field].name} {plain(value)}" for field, value in protocol.hold_start.items())
    if hold:
        lines.append(translate("Protocol", "The start is held above {} until a reason is given.").format(hold))
    marks = ", ".join(
        f"{BOUNDS[field].name} {plain(one.low)}-{plain(one.high)}" for field, one in protocol.limits.items()
    )
    if marks:
        lines.append(translate("Protocol", "Marked outside: {}.").format(marks))
    onset, peak, back, recovery = protocol.phases_min
    phases = translate("Protocol", "Phases: onset at {onset} min, peak {peak}, return {back}, recovery {recovery}.")
    lines.append(phases.format(onset=onset, peak=peak, back=back, recovery=recovery))
    lines.append(translate("Protocol", "A check-in every {} min.").format(protocol.check_in_min))
    leaves = _discharge(protocol, translate)
    if leaves:
        lines.append(translate("Protocol", "Discharge: {}.").format(", ".join(leaves)))
    cue = translate("Protocol", "{name} {minutes} min, then {then}")
    timers = ", ".join(cue.format(name=one.name, minutes=one.minutes, then=one.then) for one in protocol.timers)
    if timers:
        lines.append(translate("Protocol", "Timers from each dose: {}.").format(timers))
    fasting = ", ".join(f"{what.replace('_', ' ')} {minutes} min" for what, minutes in protocol.fasting_min.items())
    if fasting:
        lines.append(translate("Protocol", "Fasting: {}.").format(fasting))
    return tuple(lines)


def _dose(protocol: Protocol, translate: Translate) -> str:
    dose = protocol.dose
    said = [f"{dose.drug} {dose.route}"]
    if dose.mg_per_kg is not None:
        said.append(f"{plain(dose.mg_per_kg)} mg/kg")
    elif dose.amounts_mg:
        said.append(translate("Protocol", " or ").join(f"{plain(amount)} mg" for amount in dose.amounts_mg))
    else:
        said.append(translate("Protocol", "the amount is entered at the session"))
    if dose.over_min is not None:
        said.append(translate("Protocol", "over {} min").format(dose.over_min))
    return ", ".join(said)


def _rule(rule: VitalsRule, protocol: Protocol, translate: Translate) -> str:
    if rule.every_min:
        until = {
            "infusion_end": translate("Protocol", "the end of the infusion"),
            "discharge": translate("Protocol", "discharge"),
        }[rule.until]
        return translate("Protocol", "every {minutes} min to {until}").format(minutes=rule.every_min, until=until)
    if rule.at_min:
        minutes = ", ".join(map(str, rule.at_min))
        return translate("Protocol", "{} min after the first dose").format(minutes)
    if rule.at == "baseline":
        return translate("Protocol", "baseline")
    word = translate("Protocol", "at the end") if rule.at == "end" else translate("Protocol", "at completion")
    return translate("Protocol", "{when} ({minutes} min)").format(when=word, minutes=end_min(protocol))


def _discharge(protocol: Protocol, translate: Translate) -> list[str]:
    said = [
        (translate("Protocol", "{} min after the end of dosing"), protocol.stay_after_end_min),
        (translate("Protocol", "{} min after the dose"), protocol.stay_after_dose_min),
        (translate("Protocol", "not before {} min"), protocol.floor_min),
        (translate("Protocol", "PADSS {} or more"), protocol.padss),
        (translate("Protocol", "form {}"), protocol.form or None),
        (translate("Protocol", "due in {} days"), protocol.submit_days),
    ]
    return [words.format(value) for words, value in said if value is not None]
