"""Shared fixtures: every test has a home of its own."""

from datetime import UTC, datetime, timedelta

import pytest
from xdist.scheduler import LoadScopeScheduling

from umlauf.settings import load_settings


class ByFile(LoadScopeScheduling):
    """Keeps together what shares a costly fixture: a file's tests, all of one truth or company.

    And all of e2e, so that there is one Airflow at a time: two on two cores wait each other out.
    """

    def _split_scope(self, nodeid):
        file, _, _ = nodeid.partition("::")
        together = ("tests/e2e", "tests/gates", "tests/truth")
        return next((folder for folder in together if file.startswith(folder)), file)


# Marks of groups, which would say the same, are lost: pytest-xdist 3.8 sets what pytest 9.2 has
# not got any more, without a word.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


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
