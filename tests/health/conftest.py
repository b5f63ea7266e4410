"""A bank that has landed one day, and the command as a person types it."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from tests.formats.camt_text import balance, camt, entry, statement
from tests.sources.bank.conftest import Bank
from umlauf.cli import umlauf

STATEMENT = camt(statement(balance("OPBD", "1"), balance("CLBD", "6"), entry("5")))


@pytest.fixture
def bank(settings, tmp_path, ticking_clock, monkeypatch):
    """Return a bank that has landed one day in the command's own home."""
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    bank = Bank(
        settings, tmp_path / "inbox", ticking_clock(datetime(2026, 1, 6, 4, 30, tzinfo=UTC))
    )
    bank.put("day.xml", STATEMENT)
    bank.land()
    return bank


@pytest.fixture
def run():
    """Return a function that runs `umlauf` with these words."""
    return lambda *words: CliRunner().invoke(umlauf, words)
