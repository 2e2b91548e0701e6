"""A session as one seat lives it: what is noted goes into the record at once and to the disk right behind."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from kapnotes.app.checking import checked
from kapnotes.app.half_typed import HalfTyped, Typing
from kapnotes.app.listeners import Listeners
from kapnotes.app.log_lines import LogLines
from kapnotes.app.marking import Marking
from kapnotes.app.pending import Append, AppendTogether, Pending, Written
from kapnotes.app.saving import Saving
from kapnotes.app.signing import Signing
from kapnotes.app.together import Together
from kapnotes.app.typed_fields import BLOCKS, LOG, NOTE
from kapnotes.app.worker import Submit
from kapnotes.domain.amending import AmendmentLine, read_amendment
from kapnotes.domain.around import ForSummary
from kapnotes.domain.audit_acts import RELEASED, REVOKED
from kapnotes.domain.clinic import USUAL_DRUGS, RescueDrug
from kapnotes.domain.clock import Stamp
from kapnotes.domain.custody import LogHead
from kapnotes.domain.drug_entries import DoseDetail, InfusionPause
from kapnotes.domain.drug_trail import as_beside
from kapnotes.domain.emergency_timeline import stop_with
from kapnotes.domain.entries import (
    Addendum,
    Audit,
    Authorization,
    Block,
    Body,
    CheckIn,
    ClockJump,
    Correction,
    Entry,
    Intention,
    Narrative,
    Note,
    Phase,
    PlainBody,
    Release,
    Setting,
    Signal,
    Stage,
    TakenBy,
)
from kapnotes.domain.errors import KapnotesError, NeedsConfirmation, ReadOnly
from kapnotes.domain.members import SHARED, Compartment, Member
from kapnotes.domain.places import place_of
from kapnotes.domain.record import Record
from kapnotes.domain.release import line_of, require_complete
from kapnotes.domain.rescue import unknown_drug
from kapnotes.domain.text import storable
from kapnotes.vault.codec import require_storable


class LiveSession:
    """What a seat does in a session. The record holds an entry at once; `saved` is told only after COMMIT returned."""

    def __init__(
        self,
        *,
        member: Member,
        scope_id: str,
        patient_id: str,
        record: Record,
        now: Callable[[], Stamp],
        new_id: Callable[[], str],
        append: Append,
        submit: Submit,
        append_together: AppendTogether,
        share: Callable[["LiveSession", Sequence[Written]], None],
        heads: Callable[[str, Compartment], tuple[LogHead, ...]],
        unread: tuple[str, ...] = (),
        typing: Typing | None = None,
        is_read_only: bool = False,
        rescue_drugs: Callable[[], Sequence[RescueDrug]] = lambda: USUAL_DRUGS,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        self.member = member
        self.scope_id = scope_id
        self.patient_id = patient_id
        self.record = record
        self.is_read_only = is_read_only
        self.rescue_drugs = rescue_drugs
        """Gives the clinic's rescue and adjunct drugs."""
        self.unread = unread
        """What of this session could not be read, a line each; pages and windows say so."""
        self.made: list[Written] = []
        """What this seat added since it opened the session, for a seat that opens it later."""
        self.entry_added: Listeners[Entry] = Listeners()
        self.entries_added: Listeners[tuple[Entry, ...]] = Listeners()
        """Many at once, as from a monitor's file; each of them is told here and not by `entry_added`."""
        self.marking = Marking(record, now, self._add)
        """Marks, states, touches and the route's timer."""
        self.repeat_ignored = self.marking.repeat_ignored
        self._now = now
        self._new_id = new_id
        self._give_way = give_way
        self._share = share
        self.together = Together(self, new_id, partial(share, self))
        """Many entries at once, as from a monitor's file."""
        self.typing = typing or Typing(now=now, new_id=new_id)
        """What is half-typed in this seat's windows."""
        self.lines = LogLines(record, self.typing, now, rescue_drugs)
        """Reads the lines of the vitals log."""
        self.signing = Signing(self, new_id, heads, partial(_append_signed, append_together, patient_id), submit)
        self.saving = Saving(
            record,
            Pending(append, append_together, patient_id),
            submit,
            write_behind=self.signing.write_made,
            settled=self.typing.settled,
        )
        """What is on its way to the disk, and what of it is there."""
        self.saved = self.saving.saved

    # --------------------------------------------------------------------------------------------- time

    def now(self) -> Stamp:
        """Return this moment."""
        return self._now()

    def elapsed_s(self) -> float | None:
        """Return seconds since the first dose, None before it; a closed session has stopped."""
        return self.record.elapsed_s(self.record.began(Stage.CLOSED) or self._now())

    # --------------------------------------------------------------------------------------- the therapist

    def begin_note(self) -> Stamp:
        """Take the time of a note's first key; the same is returned until the note is made or dropped."""
        return self.typing.begin(NOTE).began

    def note(self, text: str, code: str = "", at: Stamp | None = None) -> Entry:
        """Keep *text*; it happened at its first key, or *at* a time that the line names."""
        return self._add_line(Note(storable(text), code), text, at)

    def setting(self, text: str, at: Stamp | None = None) -> Entry:
        """Keep something about the room, for everybody; it happened at its first key, or *at* a time it names."""
        return self._add_line(Setting(storable(text)), text, at)

    def _add_line(self, body: Body, text: str, at: Stamp | None) -> Entry:
        line = self.typing.begin(NOTE)
        return self._add(body, at or line.began, typed=(NOTE, line, text))

    def check_in(self, text: str = "") -> Entry:
        """Answer the check-in timer; no text is "quiet, inward"."""
        return self._add(CheckIn(storable(text)))

    def mark(self, code: str, at: Stamp | None = None) -> Entry | None:
        """Drop a mark; None where it repeats the last one. See `Marking.mark`."""
        return self.marking.mark(code, at)

    def toggle_state(self, code: str, at: Stamp | None = None) -> Entry | None:
        """Start the state, or stop it where it runs. See `Marking.toggle_state`."""
        return self.marking.toggle_state(code, at)

    def intention(self, text: str) -> Entry:
        """Keep what the patient came with; it happens now, whenever its first key was."""
        return self._add(Intention(storable(text)), typed=(NOTE, self.typing.begin(NOTE), text))

    def narrative(self, block: Block, text: str) -> Entry:
        """Keep one of the three blocks, written for the summary; after the sign-off it is an addendum."""
        field = next(name for name, one in BLOCKS.items() if one is block)
        return self._add(self._narrative(block, text), typed=(field, self.typing.begin(field), text))

    def as_narrative(self, block: Block, text: str) -> Entry:
        """Return the entry that `narrative` would add now, to be looked at on a page; nothing is noted."""
        now = self._now()
        return Entry(self._new_id(), self.scope_id, self.member.member_id, now, now, self._narrative(block, text))

    def _narrative(self, block: Block, text: str) -> Narrative | Addendum:
        written = Narrative(block, storable(text))
        if self.signing.is_closed(place_of(written, self.member)):
            return Addendum("", "written for the summary", written)
        return written

    def want_for_summary(self, entry: Entry, is_wanted: bool) -> Entry:
        """Mean *entry* for the summary, or no longer; what a page may show this decides not."""
        return self._add(ForSummary(entry.entry_id, is_wanted))

    def release(self, authorization: Authorization, chosen: Sequence[Entry]) -> Entry:
        """Record that the patient allows *chosen* on a page.

        Raises:
            NotAuthorized: the authorization is not complete.
        """
        require_complete(authorization)
        release = self._add(Release(authorization, tuple(line_of(entry) for entry in chosen)))
        self._add(Audit(RELEASED))  # the release stays with the therapist; that there was one is for everybody
        return release

    def revoke(self, release_id: str, reason: str) -> Entry:
        """Take a release back: from now on no page shows its lines."""
        revoked = self.correct(release_id, reason, None)
        self._add(Audit(REVOKED))
        return revoked

    # ------------------------------------------------------------------------------------------- the CRNA

    def log(self, line: str, *, is_confirmed: bool = False, taken_by: TakenBy = TakenBy.STAFF) -> Entry:
        """Keep what the line of the vitals log says: as it happens, or as an amendment (see `read_amendment`).

        It happens now; a line that came back, at its first key.

        Raises:
            SignedOff: the record is signed, and the line is no amendment.
            Misread: the line is not understood; names the column.
            Implausible: a value that cannot be.
            NeedsConfirmation: a value is unusual and *is_confirmed* is not set.
            StartHeld: the protocol holds the first dose, and the line gives no reason.
            ScoreDiffers: an item of a scale is typed otherwise than its readings say, and *is_confirmed* is not set.
            LeavesEarly: the protocol's rule is not met, no reason is typed, and *is_confirmed* is not set.
            NotEntitled: the member may not write this.
        """
        body, at = self.lines.read(line, taken_by=taken_by), self.lines.happens(line)
        self.lines.require_flow(line, body)
        body = checked(body, self.record, at, is_confirmed=is_confirmed)
        amendment = read_amendment(storable(line))
        unknown = unknown_drug(body, self.record, self.rescue_drugs())
        if unknown and not is_confirmed:
            raise NeedsConfirmation((f"{unknown} is not on the clinic's list of drugs",))
        answer = self.lines.answer_to_hold(line, body, at) if amendment is None else None
        typed, attached = self.typing.begin(LOG), self.lines.attached(line)
        if amendment is None:
            happened = at if typed.is_restored else None
            if answer is not None:
                self.signing.require_open(place_of(body, self.member), body)  # else the reason would stand alone
                self._add(answer, happened)
            entry = self._add(body, happened, typed=(LOG, typed, line), attached=attached)
            stop = stop_with(self.record, entry)
            if stop is not None:  # as the key of that step does
                self._add(stop, entry.happened)
        else:
            entry = self.amend(amendment, body, typed_as=(LOG, line), attached=attached)
        is_begun = self.record.stage is Stage.PREPARATION and self.record.first_dose is not None
        if is_begun and not self.signing.is_closed(SHARED):
            self.enter_stage(Stage.DOSING)
        return entry

    # -------------------------------------------------------------------------------------------- both

    def enter_stage(self, stage: Stage) -> Entry:
        """Let the session enter *stage*; who has signed is still in the room, and enters it as an addendum."""
        if self.signing.signed() is not None:
            return self._add(Addendum("", "entered after the signature", Phase(stage)))
        return self._add(Phase(stage))

    def signal(self, meaning: str) -> Entry:
        """Send a silent word to the other clinician."""
        return self._add(Signal(meaning))

    def keep(self, body: Body, happened: Stamp | None = None, *, typed_as: tuple[str, str] | None = None) -> Entry:
        """Keep any other *body*, happening now or when it *happened*.

        *typed_as* is the field it was typed in, and the whole text.
        """
        typed = (typed_as[0], self.typing.begin(typed_as[0]), typed_as[1]) if typed_as is not None else None
        return self._add(body, happened, typed=typed)

    def mark_clock_jump(self, jump_s: float) -> Entry:
        """Keep that the wall clock was set by *jump_s*; no stamp moves."""
        return self._add(ClockJump(round(jump_s, 1)))

    def correct(
        self,
        target_id: str,
        reason: str,
        replacement: PlainBody | None,
        *,
        typed_as: tuple[str, str] | None = None,
    ) -> Entry:
        """Let *replacement* stand for an entry, or nothing where it is None; the original stays legible.

        *typed_as* is the field it was typed in, and the whole text.
        """
        target = self.record.entry(target_id, self.member.member_id)
        if target is None:
            raise KapnotesError("Only the author corrects an entry, and only one that is in this session.")
        place = place_of((self.record.corrected_in_the_end(target) or target).body, self.member)
        if replacement is not None and place_of(replacement, self.member) != place:
            raise KapnotesError("A correction stays where its original is.")
        typed = (typed_as[0], self.typing.begin(typed_as[0]), typed_as[1]) if typed_as is not None else None
        return self._add(Correction(target_id, storable(reason), replacement), place=place, typed=typed)

    def amend(
        self,
        line: AmendmentLine,
        body: PlainBody,
        *,
        typed_as: tuple[str, str] | None = None,
        attached: DoseDetail | InfusionPause | None = None,
    ) -> Entry:
        """Add *body* to the record as the late entry or the addendum that *line* says; also before the sign-off.

        *typed_as* is the field it was typed in, and the whole text; *attached* is added with it, and names it.

        Raises:
            Implausible: the time that it names was not in the session.
        """
        amended, happened = self.signing.amended(line, body)
        typed = (typed_as[0], self.typing.begin(typed_as[0]), typed_as[1]) if typed_as is not None else None
        return self._add(amended, happened, typed=typed, attached=attached)

    def take_signed(self, entries: Sequence[Entry]) -> None:
        """Take the own sign-offs, or a second member's signature, which are on the disk."""
        for entry in entries:
            written = Written(SHARED, entry)
            self.record.apply(entry)
            self.made.append(written)
            self.entry_added.tell(entry)
            self._share(self, (written,))
            self.saved.tell(entry)

    def _add(
        self,
        body: Body,
        happened: Stamp | None = None,
        place: Compartment | None = None,
        typed: tuple[str, HalfTyped, str] | None = None,
        attached: DoseDetail | InfusionPause | None = None,
    ) -> Entry:
        """Keep *body*. *typed* is the field and the line it was typed as, which gives its id, and the whole text.

        *attached* is kept with it in one write, as an entry of its own that names it.
        """
        if self.is_read_only:
            raise ReadOnly("Read only: nothing can be noted here.")
        entered = self._now()
        entry_id = typed[1].entry_id if typed is not None else self._new_id()
        place = place or place_of(body, self.member)
        bodies = [(body, entry_id)]
        if attached is not None:
            bodies.append((as_beside(body, replace(attached, target_id=entry_id)), self._new_id()))
        written = tuple(self._written(one, own_id, happened or entered, entered, place) for one, own_id in bodies)
        for one in written:
            self.record.apply(one.entry)
        self.made.extend(written)
        if typed is not None:
            self.typing.entered(typed[0], typed[2])
        self.saving.take(written)  # before the news: whatever a window does with it, the entry is on its way
        self._give_way()
        for one in written:
            self.entry_added.tell(one.entry)
        self._share(self, written)
        return written[0].entry

    def _written(self, body: Body, entry_id: str, happened: Stamp, entered: Stamp, place: Compartment) -> Written:
        """Return *body* as an entry that may be kept."""
        self.signing.require_open(place, body)
        entry = Entry(entry_id, self.scope_id, self.member.member_id, happened, entered, body)
        require_storable(entry)
        return Written(place, entry)

    def hear(self, entries: Sequence[Entry], *, is_saved: Callable[[str], bool]) -> None:
        """Take entries that the other seat made in this session and that this seat may read."""
        new = tuple(one for one in entries if self.record.entry(one.entry_id, one.author_id) is None)
        for entry in new:
            self.record.apply(entry)
            if not is_saved(entry.entry_id):
                self.saving.untold.add(entry.entry_id)
        if len(new) == 1:
            self.entry_added.tell(new[0])
        elif new:
            self.entries_added.tell(new)

    def retry(self) -> None:
        """Try again to save what is not saved yet, and to keep what is half-typed."""
        self.saving.retry()
        self.signing.retry()
        if self.typing.has_failed:
            self.typing.flush()

    def tell_the_rest(self) -> None:
        """Tell what is on the disk and nobody was told of: this seat is gone, and its drafts are closed."""
        self.saving.tell_the_rest()
        self.signing.tell_the_rest()


def _append_signed(append: AppendTogether, patient_id: str, entries: Sequence[Entry]) -> None:
    """Write sign-offs about that patient together."""
    append(SHARED, entries, patient_id)
