"""What one seat stamps in an emergency: each step at once, the end pressed twice, and any of them taken back."""

from kapnotes.app.live_session import LiveSession
from kapnotes.app.marking import REPEAT_GUARD_S
from kapnotes.domain.emergency_step import EmergencyAct, EmergencyStep
from kapnotes.domain.emergency_timeline import Emergency, act_of, emergencies, of_the_same_key, running, stop_with
from kapnotes.domain.entries import Entry, Infusion

MISTAKEN = "pressed by mistake"
"""The reason of a correction by one key."""


class EmergencyStamps:
    """The emergency of *live*, as the member of its seat stamps it. It proposes nothing and refuses no order."""

    def __init__(self, live: LiveSession) -> None:
        self._live = live
        self._asked_at_entry = -1

    def running(self) -> Emergency | None:
        """Return the emergency that goes on, or None."""
        return running(self._live.record)

    def newest(self) -> Emergency | None:
        """Return the emergency that goes on, else the last one, or None."""
        found = emergencies(self._live.record)
        return found[-1] if found else None

    def begin(self) -> Entry | None:
        """Stamp that it began; where one goes on, nothing is stamped and None returned.

        Raises:
            ReadOnly, SignedOff, NotEntitled: nothing can be noted here.
        """
        return None if self.running() is not None else self._live.keep(EmergencyStep(EmergencyAct.BEGAN))

    def stamp(self, act: EmergencyAct) -> Entry | None:
        """Stamp *act*; one key starts CPR and stops it, and a stopped infusion is stopped in the drugs as well.

        Returns None where the key was pressed twice: the same step within `REPEAT_GUARD_S`.

        Raises:
            ReadOnly, SignedOff, NotEntitled: nothing can be noted here.
        """
        live, emergency = self._live, self.running()
        if emergency is not None and act is EmergencyAct.CPR_STARTED and emergency.is_cpr_running:
            act = EmergencyAct.CPR_STOPPED
        if self._is_repeat(act):
            return None
        step = live.keep(EmergencyStep(act))
        stop = stop_with(live.record, step)
        if stop is not None:
            live.keep(stop, step.happened)
        return step

    def _is_repeat(self, act: EmergencyAct) -> bool:
        emergency, record = self.running(), self._live.record
        if emergency is None:
            return False
        last, cpr = emergency.steps[-1], {EmergencyAct.CPR_STARTED, EmergencyAct.CPR_STOPPED}
        is_same = act_of(last) is act or {act_of(last), act} == cpr
        return is_same and record.between_s(last.happened, self._live.now()) < REPEAT_GUARD_S

    def end(self) -> bool:
        """End it at the second press without an entry in between; tells whether it ended.

        Raises:
            ReadOnly, SignedOff, NotEntitled: nothing can be noted here.
        """
        count = len(self._live.record.entries)
        if self._asked_at_entry != count:
            self._asked_at_entry = count
            return False
        self._live.keep(EmergencyStep(EmergencyAct.ENDED))
        return True

    def take_back(self) -> Entry | None:
        """Take back the newest own step, as a correction; returns what it said, None where there is none.

        What stopped the infusion with the same key is taken back with it.

        Raises:
            ReadOnly, SignedOff: nothing can be noted here.
        """
        emergency, live = self.newest(), self._live
        are_one, me = live.record.persons.are_one, live.member.member_id
        own = [step for step in emergency.steps if are_one(step.author_id, me)] if emergency is not None else []
        if not own:
            return None
        step = own[-1]
        stop = of_the_same_key(step, live.record.entries_of(Infusion), live.record.persons)
        live.correct(step.entry_id, MISTAKEN, None)
        if stop is not None:
            live.correct(stop.entry_id, MISTAKEN, None)
        return step
