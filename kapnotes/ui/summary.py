"""The summary: what goes in, with whose permission, and the pages. It never leaves without being asked twice."""

from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kapnotes.app.documents import Document, Page
from kapnotes.app.half_typed import BLOCKS
from kapnotes.app.live_session import LiveSession
from kapnotes.app.paper import PaperDesk
from kapnotes.app.seat import Seat
from kapnotes.domain.codebook import Codebook
from kapnotes.domain.entries import Authorization, Block, Entry, Narrative, Release
from kapnotes.domain.errors import KapnotesError
from kapnotes.domain.release import released_from
from kapnotes.domain.words import counted
from kapnotes.ui.fields import NightLine
from kapnotes.ui.form_parts import heading
from kapnotes.ui.frame import Frame, ScaledLabel
from kapnotes.ui.keys import Where, sequence_of
from kapnotes.ui.page_secret import PageSecret
from kapnotes.ui.summary_lines import WANTED_SIGN, SummaryLines
from kapnotes.ui.ways_out import WaysOut
from kapnotes.ui.wording import error_line

NARROWEST = 330
"""Pixels of the right part at least; its rows wrap then, so that all of it is in reach on the smallest screen."""

AUTHORIZED_DAYS = 30
"""How long an authorization is proposed to hold; the field can be changed."""


class SummaryWindow(Frame):
    """Left what can go in, none of it chosen; right who gets it, by whose permission, and where the pages go."""

    page_saved = Signal(object)

    def __init__(
        self, seat: Seat, live: LiveSession, desk: PaperDesk, codebook: Codebook, folder: Path, settings: QSettings
    ) -> None:
        super().__init__(Where.SUMMARY, "summary", settings)
        self.seat = seat
        self.live = live
        self._desk = desk
        self._codebook = codebook
        self._replace_asked: Path | None = None
        self._is_revoking = False
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        if seat.member.is_therapist:
            row.addWidget(self._left(), 5)
        row.addWidget(self._right(folder), 6)
        self.set_body(body)
        opened = live.record.opened
        session = self.tr("{code} · session {number}").format(
            code=opened.patient_code if opened is not None else "", number=opened.number if opened is not None else 0
        )
        self.set_title(
            self.tr("KAPnotes · summary of {session} by {who}").format(session=session, who=seat.member.label)
        )
        self.bind("choose_all", self._choose_all)
        self.bind("choose_wanted", self._choose_wanted)
        self.bind("release", self._release)
        self.bind("revoke", self._revoke)
        self.bind("save_summary", self._save_summary)
        self.bind("save_record", self._save_record)
        if seat.member.is_therapist:
            self.lines.show_lines()
        (self.lines if seat.member.is_therapist else self.recipient).setFocus()

    # ------------------------------------------------------------------------------------------ building

    def _left(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(_title(self.tr("Process notes: nothing goes in unless chosen and authorized")))
        self.lines = SummaryLines(self.live, self._codebook)
        self.lines.chosen_changed.connect(self._count)
        column.addWidget(self.lines, 1)
        self.count = ScaledLabel(0.9, is_dim=True)
        self.count.setWordWrap(True)
        column.addWidget(self.count)
        return part

    def _right(self, folder: Path) -> QWidget:
        part = QWidget()
        part.setMaximumWidth(760)
        fields = QFormLayout(part)
        fields.setContentsMargins(8, 0, 4, 0)
        fields.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        fields.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        if not self.seat.member.is_therapist:
            fields.addRow(_title(self.tr("These pages hold the medical course alone: no process notes are here.")))
        self.recipient = NightLine(self.tr("Who receives the pages"))
        if self.seat.member.is_therapist:
            self.recipient.textChanged.connect(self._count)
        fields.addRow(self.tr("&For"), self.recipient)
        self.secret = PageSecret()
        self.secret.passphrase_shown.connect(self._show_secret)
        self.blocks: dict[Block, NightLine] = {}
        if self.seat.member.is_therapist:
            self._add_blocks(fields)
            self._add_authorization(fields)
        self._add_files(fields, folder)
        fields.addRow("", self.secret)
        self.area = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(NARROWEST)
        scroll.setWidget(part)
        return scroll

    def _add_blocks(self, fields: QFormLayout) -> None:
        titles = {
            Block.WORDS: self.tr("&Words for what had none"),
            Block.SHIFTS: self.tr("S&mall shifts to try"),
            Block.ATTENTION: self.tr("Needs &careful attention"),
        }
        written = self._written_blocks()
        for block, title in titles.items():
            line = NightLine(title.replace("&", ""), written.get(block, ""))
            line.setPlaceholderText(self.tr("nothing to report"))
            line.setCursorPosition(0)
            line.editingFinished.connect(self._keep_blocks)
            self.blocks[block] = line
            self._keep_half_typed(block, line)
            fields.addRow(title, line)

    def _add_authorization(self, fields: QFormLayout) -> None:
        fields.addRow(_title(self.tr("Authorization for the chosen lines (45 CFR 164.508)")))
        today = self.live.now().local().date()
        self.description = NightLine(self.tr("What is disclosed"))
        self.purpose = NightLine(self.tr("Purpose"))
        self.signed_by = NightLine(self.tr("Signed by"))
        self.signed_on = NightLine(self.tr("Signed on"), today.isoformat())
        self.expires_on = NightLine(self.tr("Expires on"), (today + timedelta(days=AUTHORIZED_DAYS)).isoformat())
        self.record_release = QPushButton(self.tr("Record the authorization ({})").format(sequence_of("release")))
        self.record_release.clicked.connect(self._release)
        fields.addRow(self.tr("W&hat is disclosed"), self.description)
        fields.addRow(self.tr("&Purpose"), self.purpose)
        fields.addRow(self.tr("Signed &by"), self.signed_by)
        fields.addRow(self.tr("Signed &on"), self.signed_on)
        fields.addRow(self.tr("E&xpires on"), self.expires_on)
        fields.addRow("", self.record_release)

    def _add_files(self, fields: QFormLayout, folder: Path) -> None:
        fields.addRow(_title(self.tr("Pages, encrypted with a passphrase of their own")))
        opened = self.live.record.opened
        number = opened.number if opened is not None else 0
        origin = self.live.record.origin or self.live.now()
        day = f"{origin.local():%Y-%m-%d} {self.live.scope_id[:6]}"
        self.summary_path = NightLine(
            self.tr("Save the summary as"), str(folder / f"summary {day} session {number}.pdf")
        )
        self.record_path = NightLine(self.tr("Save the record as"), str(folder / f"record {day} session {number}.pdf"))
        self.save_summary = QPushButton(self.tr("Save the summary ({})").format(sequence_of("save_summary")))
        self.save_summary.clicked.connect(self._save_summary)
        self.save_record = QPushButton(self.tr("Save the medical record ({})").format(sequence_of("save_record")))
        self.save_record.clicked.connect(self._save_record)
        fields.addRow(self.tr("S&ummary"), self.summary_path)
        fields.addRow("", self.save_summary)
        fields.addRow(self.tr("&Record"), self.record_path)
        fields.addRow("", self.save_record)
        self.ways_out = WaysOut(self, self.seat, self._desk, self.recipient, self.secret)
        self.ways_out.add_fields(fields, folder, f"{day} session {number}", _title)

    # ------------------------------------------------------------------------------------------- choosing

    def chosen(self) -> list[Entry]:
        """Return the lines that are ticked."""
        return self.lines.chosen() if self.seat.member.is_therapist else []

    @Slot()
    def _count(self) -> None:
        released = released_from(self.live.record, self.live.now().local().date(), self.recipient.text())
        words = self.tr("{chosen} of {all} chosen · {released} released and on the page · {key} all or none").format(
            chosen=len(self.chosen()),
            all=self.lines.count(),
            released=sum(len(part.entries) for part in released),
            key=sequence_of("choose_all"),
        )
        wanted = self.lines.wanted_count()
        if wanted:
            more = self.tr("{key} chooses the {count} meant for it, {sign}")
            words += " · " + more.format(key=sequence_of("choose_wanted"), count=wanted, sign=WANTED_SIGN)
        self.count.setText(words)

    @Slot()
    def _choose_all(self) -> None:
        if self.seat.member.is_therapist:
            self.lines.choose_all()

    @Slot()
    def _choose_wanted(self) -> None:
        if not self.seat.member.is_therapist:
            return
        if self.lines.choose_wanted():
            self.say(self.tr("Chosen; they go on the page once their authorization is recorded."))
        else:
            words = self.tr("No line was meant for the summary; on the pad {} does that.")
            self.say(words.format(sequence_of("want")))

    @Slot()
    def _release(self) -> None:
        if not self.seat.member.is_therapist:
            return
        chosen = self.chosen()
        if not chosen:
            self.say(self.tr("Choose the lines first; Space chooses one."), is_mark=True)
            return
        fresh = [entry for entry in chosen if entry.entry_id not in self._released_ids()]
        try:
            authorization = self._read_authorization()
            self._require_valid_today(authorization)
            if not fresh:
                raise KapnotesError(
                    "These lines are released to {recipient} already.", recipient=authorization.recipient
                )
            self.live.release(authorization, fresh)
        except KapnotesError as error:
            self.say(error_line(error), is_mark=True)
            return
        self._count()
        one, many = self.tr("{count} line is released to {who}."), self.tr("{count} lines are released to {who}.")
        self.say(counted(len(fresh), one, many, who=authorization.recipient))

    def _today(self) -> date:
        return self.live.now().local().date()

    def _require_valid_today(self, authorization: Authorization) -> None:
        """Refuse what would release nothing today."""
        if authorization.signed_on > self._today():
            raise KapnotesError("The authorization is signed in the future; correct “Signed on”.")
        if authorization.expires_on < self._today():
            raise KapnotesError("The authorization has expired; correct “Expires on”.")

    def _released_ids(self) -> set[str]:
        released = released_from(self.live.record, self._today(), self.recipient.text())
        return {entry.entry_id for part in released for entry in part.entries}

    @Slot()
    def _revoke(self) -> None:
        standing = [entry.entry_id for entry, _ in self.live.record.of(Release)]
        if not standing:
            self.say(self.tr("There is no authorization to revoke."))
        elif not self._is_revoking:
            self._is_revoking = True
            question = self.tr("{} once more revokes every authorization of this session; pages already made stay.")
            self.say(question.format(sequence_of("revoke")), is_mark=True)
        else:
            self._is_revoking = False
            for entry_id in standing:
                self.live.revoke(entry_id, "revoked by the patient")
            self._count()
            one, many = self.tr("{count} authorization is revoked."), self.tr("{count} authorizations are revoked.")
            self.say(counted(len(standing), one, many))

    def _read_authorization(self) -> Authorization:
        return Authorization(
            discloser=self.seat.member.label,
            recipient=self.recipient.text().strip(),
            description=self.description.text().strip(),
            purpose=self.purpose.text().strip(),
            expires_on=self._day(self.expires_on),
            signed_by=self.signed_by.text().strip(),
            signed_on=self._day(self.signed_on),
        )

    def _day(self, line: NightLine) -> date:
        try:
            return date.fromisoformat(line.text().strip())
        except ValueError:
            name = line.accessibleName()
            raise KapnotesError(self.tr("{}: write the day as 2026-12-22.").format(name)) from None

    def _keep_half_typed(self, block: Block, line: NightLine) -> None:
        """Let what is typed into a block be a draft until the field is left, and put back what a crash left of it."""
        typing = self.live.typing
        field = next(name for name, one in BLOCKS.items() if one is block)

        def half_typed() -> str:
            text = line.text()
            return text if text.strip() != self._written_blocks().get(block, "") else ""

        def read() -> tuple[str, str]:
            return half_typed(), ""

        def changed() -> None:
            typing.read_from(field, read)  # where the pad shows the same block, the one that is typed in counts
            if not half_typed():
                typing.drop(field)
            typing.changed()

        back = typing.bring_back(field)
        if back is not None:
            line.setText(back.text)
            self.say(self.tr("What was half-typed is back."))
        line.textChanged.connect(changed)
        typing.read_from(field, read)

    def _written_blocks(self) -> dict[Block, str]:
        return {narrative.block: narrative.text for _, narrative in self.live.record.of(Narrative)}

    @Slot()
    def _keep_blocks(self) -> None:
        written = self._written_blocks()
        for block, line in self.blocks.items():
            text = line.text().strip()
            if text != written.get(block, ""):
                self.live.narrative(block, text)

    # --------------------------------------------------------------------------------------------- saving

    @Slot()
    def _save_summary(self) -> None:
        self._save(Document.SUMMARY, self.summary_path)

    @Slot()
    def _save_record(self) -> None:
        self._save(Document.RECORD, self.record_path)

    def _save(self, document: Document, line: NightLine) -> None:
        self._keep_blocks()
        recipient = self.recipient.text().strip()
        if not recipient:
            self.say(self.tr("Write who receives the pages."), is_mark=True)
            self.recipient.setFocus()
            return
        if not line.text().strip().endswith(".pdf"):
            self.say(self.tr("Write where to save it, as a file that ends in .pdf."), is_mark=True)
            line.setFocus()
            return
        path = Path(line.text().strip()).expanduser()
        if path.exists() and self._replace_asked != path:
            self._replace_asked = path
            self.say(self.tr("{} is there already; once more replaces it.").format(path.name), is_mark=True)
            return
        self._replace_asked = None
        self.say(self.tr("Making the pages…"))
        self._desk.save(document, recipient, path, self.if_open(self._saved), self.if_open(self._failed), self._is_open)

    def _is_open(self) -> bool:
        return not self.is_closed

    def _saved(self, page: Page) -> None:
        left_out = len({entry.entry_id for entry in self.chosen()} - self._released_ids())
        name = self.tr("The summary") if page.document is Document.SUMMARY else self.tr("The medical record")
        words = self.tr("{} is saved. It opens with this passphrase, shown only now.").format(name)
        if left_out and page.document is Document.SUMMARY:
            one = self.tr("{count} chosen line is not on it: it is not authorized.")
            many = self.tr("{count} chosen lines are not on it: they are not authorized.")
            words += " " + counted(left_out, one, many)
        self.say(words)
        self.secret.show_passphrase(page.passphrase)
        self.page_saved.emit(page)

    @Slot()
    def _show_secret(self) -> None:
        """Bring the passphrase into sight: it is shown only now."""
        self.area.ensureWidgetVisible(self.secret.copy)

    def _failed(self, error: Exception) -> None:
        self.say(error_line(error), is_mark=True)

    def detach(self) -> None:
        """Keep the blocks, as leaving their fields does, and forget the passphrase with the window."""
        self._keep_blocks()
        for field, block in BLOCKS.items():
            if block in self.blocks:
                self.live.typing.let_go(field)
        self.ways_out.forget()
        self.secret.forget()


def _title(text: str) -> QWidget:
    label = heading(text)
    label.setWordWrap(True)
    label.setContentsMargins(0, 10, 0, 0)
    return label
