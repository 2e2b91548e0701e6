"""A session as one seat lives it: what is noted goes into the record at once and to the disk right behind."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from kapnotes.app.checking import checked
from kapnotes.app.half_typed import AROUND, BLOCKS, CORRECTION, FOLLOW_UP, LOG, NOTE, HalfTyped, Typing
from kapnotes.app.listeners import Listeners
from kapnotes.app.log_lines import LogLines
from kapnotes.app.marking import Marking
from kapnotes.app.pending import Append, AppendTogether, Pending, Written
from kapnotes.app.signing import Signing
from kapnotes.app.together import AT_ONCE, Together, rest
from kapnotes.domain.amending import AmendmentLine, read_amendment
from kapnotes.domain.around import ForSummary
from kapnotes.domain.audit import RELEASED, REVOKED
from kapnotes.domain.clinic import USUAL_DRUGS, RescueDrug
from kapnotes.domain.clock import Stamp
from kapnotes.domain.custody import LogHead
from kapnotes.domain.drafts import DraftLine
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
from kapnotes.domain.errors import KapnotesError, NeedsConfirmation, ReadOnly, SignedOff
from kapnotes.domain.members import SHARED, Compartment, Member
from kapnotes.domain.places import place_of
from kapnotes.domain.record import Record
from kapnotes.domain.release import line_of, require_complete
from kapnotes.domain.rescue import unknown_drug
from kapnotes.domain.text import storable
from kapnotes.vault.codec import require_storable

Submit = Callable[[Callable[[], None], Callable[[None], None], Callable[[Exception], None]], None]


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
        self.saved: Listeners[Entry] = Listeners()
        self.save_failed: Listeners[Exception] = Listeners()
        self.marking = Marking(record, now, self._add)
        """Marks, states, touches and the route's timer."""
        self.repeat_ignored = self.marking.repeat_ignored
        self._now = now
        self._new_id = new_id
        self._submit = submit
        self._give_way = give_way
        self._share = share
        self._pending = Pending(append, append_together, patient_id)
        self.together = Together(self, new_id, self._pending, self._submit_pending, partial(share, self))
        """Many entries at once, as from a monitor's file."""
        self.untold: set[str] = set()
        """Ids of what was noted and of which nobody was told yet that it is on the disk: rows and strip follow that."""
        self._has_failed = False
        self.typing = typing or Typing(now=now, new_id=new_id)
        """What is half-typed in this seat's windows."""
        self.lines = LogLines(record, self.typing, now, rescue_drugs)
        """Reads the lines of the vitals log."""
        self.signing = Signing(self, new_id, heads, partial(_append_signed, append_together, patient_id), submit)

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
        """Let the session enter *stage*."""
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
        self.untold.update(one.entry.entry_id for one in written)
        if typed is not None:
            self.typing.entered(typed[0], typed[2])
        self._pending.add_together(written)
        self._submit_pending()  # before the news: whatever a window does with it, the entry is on its way
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
                self.untold.add(entry.entry_id)
        if len(new) == 1:
            self.entry_added.tell(new[0])
        elif new:
            self.entries_added.tell(new)

    def hear_saved(self, entry: Entry) -> None:
        """Take the news that the other seat's entry is on the disk."""
        if entry.entry_id in self.untold:
            self._tell(entry)

    # ------------------------------------------------------------------------------------------- saving

    @property
    def unsaved(self) -> tuple[Entry, ...]:
        """Return what this seat noted and is not on the disk yet, oldest first in each compartment."""
        return self._pending.entries

    @property
    def elsewhere_count(self) -> int:
        """Return how many of the unsaved are kept on another disk, sealed, until the vault's takes them."""
        return self._pending.elsewhere_count

    @property
    def at_risk_count(self) -> int:
        """Return how many entries stand in memory alone because the last try to save them failed."""
        return len(self.unsaved) - self.elsewhere_count if self._has_failed else 0

    def is_saved(self, entry_id: str) -> bool:
        """Tell whether that entry is on the disk, whichever seat made it, and its windows were told so."""
        return entry_id not in self.untold

    def is_saved_as_it_stands(self, entry: Entry) -> bool:
        """Tell whether *entry* is on the disk with every correction of it, so that what stands of it is."""
        waiting = [entry]
        while waiting:
            one = waiting.pop()
            if not self.is_saved(one.entry_id):
                return False
            waiting.extend(self.record.corrections_of(one.entry_id, one.author_id))
        return True

    def restore_typing(self, lines: Sequence[DraftLine]) -> None:
        """Let lines that were half-typed come back; what became an entry meanwhile does not."""

        def is_saved(entry_id: str) -> bool | None:
            own = self.record.entry(entry_id, self.member.member_id)
            return self.is_saved(entry_id) if own is not None else None

        self.typing.restore(lines, is_saved)

    @property
    def unkept(self) -> tuple[tuple[str, HalfTyped], ...]:
        """Return field and line of all that is half-typed and kept nowhere; where all is read only, nothing ever is."""
        return () if self.is_read_only else self.typing.unkept

    def keep_typing(self) -> None:
        """Put what is half-typed on the disk now. Called on the writer's thread.

        Raises:
            Exception: why it is not there. That an entered line could not be cleared is none: its entry is in the log.
        """
        try:
            self.typing.write_now()
        except Exception:  # whatever it was, what counts is whether a line is missing on the disk
            if self.unkept:
                raise
        if self.unkept:
            raise KapnotesError("What is half-typed could not be kept as a draft.")

    def keep_or_enter(self) -> None:
        """Put what is half-typed on the disk now, and what no draft takes into the record: the program ends."""
        if self.unkept:
            try:
                self.keep_typing()
            except Exception:  # as entries they may find room, in the vault or in the second place
                self.enter_unkept()

    def enter_unkept(self) -> int:
        """Enter what is half-typed and could not be kept as a draft; returns how many characters of notes.

        A block of the summary is entered as what it is. A line of the preparation page is entered as a note, because
        nobody agreed to it, and so is half a correction.
        """
        for field, line in self.unkept:
            if field in BLOCKS:
                self.typing.resume(field, line)
                self.narrative(BLOCKS[field], line.text)
        fields = {NOTE, FOLLOW_UP, *AROUND}
        notes = [one for one in self.unkept if one[0] in fields or one[0].startswith(CORRECTION)]
        for field, line in notes:
            self.typing.resume(field, line)
            note = Note(storable(line.text), line.code)
            try:
                self._add(note, line.began, typed=(field, line, line.text))
            except SignedOff:
                said = AmendmentLine(None, "half-typed when the window closed", "", 0)
                self.amend(said, note, typed_as=(field, line.text))
        return sum(len(line.text) for _, line in notes)

    @property
    def has_failed(self) -> bool:
        """Tell whether the last try to save failed; nothing is lost, it is tried again."""
        return self._has_failed

    def retry(self) -> None:
        """Try again to save what is not saved yet, and to keep what is half-typed."""
        if self.unsaved:
            self._submit_pending()
        self.signing.retry()
        if self.typing.has_failed:
            self.typing.flush()

    def _submit_pending(self) -> None:
        self._submit(self.write_pending, self._tell_saved, self._tell_failed)

    def write_pending(self) -> None:
        """Write what is pending, oldest first. Called on the writer's thread.

        Raises:
            Exception: what the first compartment that failed said; the others were written.
        """
        self._pending.write()
        self.signing.write_made()

    def _tell_saved(self, _: None) -> None:
        self._has_failed = False
        self._tell_committed()

    def _tell_failed(self, error: Exception) -> None:
        self._has_failed = True
        self._tell_committed()
        self.save_failed.tell(error)

    def _tell_committed(self) -> None:
        """Tell what is on the disk; of many a few at a time, between which the windows live."""
        committed = self._pending.take_committed(AT_ONCE)
        for entry in committed:
            self._tell(entry)
        if len(committed) == AT_ONCE:
            self._submit(rest, self._tell_more, self._tell_rest)

    def _tell_more(self, _: None) -> None:
        self._tell_committed()

    def _tell_rest(self, _: Exception) -> None:
        """Tell all at once: the writer takes no more."""
        for entry in self._pending.take_committed():
            self._tell(entry)

    def tell_the_rest(self) -> None:
        """Tell what is on the disk and nobody was told of: this seat is gone, and its drafts are closed."""
        for entry in self._pending.take_committed():
            self.untold.discard(entry.entry_id)
            self.saved.tell(entry)
        self.signing.tell_the_rest()

    def _tell(self, entry: Entry) -> None:
        self.untold.discard(entry.entry_id)
        self.typing.settled(entry.entry_id)
        self.saved.tell(entry)


def _append_signed(append: AppendTogether, patient_id: str, entries: Sequence[Entry]) -> None:
    """Write sign-offs about that patient together."""
    append(SHARED, entries, patient_id)
