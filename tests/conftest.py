"""What holds for all tests: no window on a real screen, no deadline on a busy machine, one real display at a time."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # tests/whole gives its programs a screen of their own

settings.register_profile("house", deadline=None)
settings.load_profile("house")

WHOLE = Path(__file__).parent / "whole"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let all that drives the real program run in one process, one after the other: there is one keyboard focus."""
    for item in items:
        if WHOLE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("display"))
