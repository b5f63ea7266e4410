"""Shared fixtures: every test has a home of its own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from umlauf.settings import load_settings

TRUTH = Path(__file__).parent / "truth"


def pytest_collection_modifyitems(items):
    """Keep together what shares a costly fixture when tests run side by side (make test)."""
    for item in items:
        group = TRUTH if TRUTH in item.path.parents else item.path
        item.add_marker(pytest.mark.xdist_group(str(group)))


@pytest.fixture
def settings(tmp_path):
    return load_settings(home=tmp_path / "var")


@pytest.fixture
def ticking_clock():
    """Return a maker of clocks that start at a moment and move on by a second a look."""

    def make(start=datetime(2026, 11, 23, 3, 30, tzinfo=UTC)):
        moments = iter(range(10**9))
        return lambda: start + timedelta(seconds=next(moments))

    return make
