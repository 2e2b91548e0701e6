import sys

from PySide6.QtWidgets import QLabel


def test_a_call_into_qt_gives_away_no_reference_to_none(qapp):
    """PySide6 6.12.0 does on CPython 3.11, and after some thousand calls the interpreter ends."""
    label = QLabel()
    before = sys.getrefcount(None)
    for _ in range(500):
        label.setText("x")
        qapp.processEvents()

    assert sys.getrefcount(None) > before - 100
