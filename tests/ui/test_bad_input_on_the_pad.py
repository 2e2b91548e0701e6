"""Whatever is pasted into the note line is kept exactly or refused in one line; the pad lives on and loses nothing."""

from PySide6.QtCore import QMimeData

from kapnotes.domain.entries import Note
from kapnotes.ui.pad import PadWindow

HALF = "half a thought"
PASTED = {
    "control characters": "a\x01\x07\x08\x0b\x1b[31mred\x7f",
    "a zero": "before\x00after",
    "right to left": "قالت لي ثم سكتت (שלום) 12",
    "bidi overrides and isolates": "\u202ecba\u202c \u2067x\u2069 \u200f",
    "an emoji family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f3f3\ufe0f\u200d\U0001f308",
    "combining marks in a heap": "Z" + "\u0351\u0343\u033f\u0334" * 200,
    "signs that are none": "\ufffe\uffff\U0010ffff\ufdd2",
    "a byte order mark": "no\ufeffte",
    "line ends of every kind": "a\r\nb\rc\nd\u2028e\u2029f\x85g\x0ch",
    "tabs and hard spaces": "\ta\tb\u00a0c\u2003d",
    "mark-up": "<b onclick='x()'>&amp;</b> <img src=file:///etc/passwd> %s {0} \\n",
    "a line without a space": "x" * 20_000,
    "a megabyte": "ab c\u00a0d é \U0001f469\u200d\U0001f52c " * 50_000,
}


def pasted(room, pad, qapp, text):
    qapp.clipboard().setText(text)
    room.press(pad, "Ctrl+V")


def notes(window):
    return [note.text for _, note in window.live.record.of(Note)]


def as_pasted(text):
    """Return what a text is once it was pasted: its line ends are line feeds, all else is as it was."""
    text = text.replace("\r\n", "\n")
    return text.translate(dict.fromkeys(map(ord, "\r\u2028\u2029"), "\n"))


def test_what_is_pasted_is_kept_exactly_and_the_next_note_too(room, pad, qapp):
    kept = []
    for name, text in PASTED.items():
        pasted(room, pad, qapp, text)
        room.press(pad, "Return")
        room.line(pad, f"after {name}")
        kept += [as_pasted(text), f"after {name}"]
        assert notes(pad) == kept, name
    room.saved(pad)
    room.start_anew()
    room.join(room.sign_in())

    assert notes(room.window(PadWindow)) == kept


BROKEN = {
    "half a character": (b"a\xed\xa0\xbdb", "a\ufffd\ufffd\ufffdb"),
    "the other half": (b"a\xed\xb1\xa9b", "a\ufffd\ufffd\ufffdb"),
    "bytes that are no text": (b"a\xff\xfeb", "a\ufffd\ufffdb"),
    "signs by which the line itself is framed": ("a\ufdd0b\ufdd1c".encode(), "a\ufffdb\ufffdc"),
}


def test_what_no_text_can_hold_is_replaced_visibly(room, pad, qapp):
    for name, (data, text) in BROKEN.items():
        mime = QMimeData()
        mime.setData("text/plain", data)
        qapp.clipboard().setMimeData(mime)
        room.press(pad, "Ctrl+V")
        assert pad.line.text() == text, name
        room.press(pad, "Return")

    assert notes(pad) == [text for _, text in BROKEN.values()]


def test_what_is_too_long_is_refused_in_one_line_and_the_half_typed_line_stays(room, pad, qapp):
    room.type(pad, HALF)
    pasted(room, pad, qapp, "語" * 1_000_001)

    assert pad.line.text() == HALF
    assert "1,000,000" in pad.news()
    assert "\n" not in pad.news()

    room.press(pad, "Return")
    assert notes(pad) == [HALF]


def test_what_has_room_in_the_line_but_not_in_an_entry_stays_in_the_line(room, pad, qapp):
    text = "\U0001f52c" * 700_000
    pasted(room, pad, qapp, text)
    room.press(pad, "Return")

    assert pad.line.text() == text
    assert "Divide it" in pad.news()
    assert notes(pad) == []

    room.press(pad, "Escape")
    room.press(pad, "Escape")
    room.line(pad, "after")
    assert notes(pad) == ["after"]
