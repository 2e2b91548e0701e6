"""What a line of the note pad becomes when it is entered: a note, something about the room, or an amendment."""

from kapnotes.app.live_session import LiveSession
from kapnotes.app.typed_fields import NOTE
from kapnotes.domain.amending import read_amendment
from kapnotes.domain.codebook import Codebook, CodeKind
from kapnotes.domain.entries import Entry, Note, Setting
from kapnotes.domain.errors import Misread
from kapnotes.domain.moments import read_moment
from kapnotes.domain.text import storable


def keep_line(live: LiveSession, codebook: Codebook, line: str, code: str) -> Entry:
    """Keep *line*, which was pressed for *code* (none is empty) or names one at its beginning.

    In a signed session the line says how it is added (see `read_amendment`), before that it may say when it was (see
    `read_moment`); otherwise it happened at its first key.

    Raises:
        Misread: how or when it was is not understood; names the column.
        SignedOff: the record is signed, and the line is no amendment.
    """
    amendment = read_amendment(line) if live.signing.signed() is not None else None
    if amendment is not None:
        words, code, is_setting = _coded(codebook, amendment.text, code)
        body = Setting(storable(words)) if is_setting else Note(storable(words), code)
        return live.amend(amendment, body, typed_as=(NOTE, line))
    moment = None if live.signing.signed() is not None else read_moment(line, live.record, live.begin_note())
    if moment is not None and not moment.text.strip():
        raise Misread("After the time comes what it was; alone it is for the next mark's key.", moment.column)
    words, code, is_setting = _coded(codebook, line if moment is None else moment.text, code)
    at = moment.happened if moment is not None else None
    return live.setting(words, at) if is_setting else live.note(words, code, at)


def _coded(codebook: Codebook, text: str, code: str) -> tuple[str, str, bool]:
    """Return the words of *text*, their code, and whether they are for everybody.

    Only its key sends a line to everybody, never a word in prose.
    """
    prefix, rest = codebook.split_prefix(text)
    by_prefix = codebook.named(prefix)
    if not code and by_prefix is not None and by_prefix.kind is not CodeKind.SETTING:
        text, code = rest, prefix
    known = codebook.named(code)
    return text, code, known is not None and known.kind is CodeKind.SETTING
