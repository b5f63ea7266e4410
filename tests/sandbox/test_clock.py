"""The clock moves on by days, and the world with it."""

import re

import pytest

from umlauf.sandbox.clock import advance, read_clock
from umlauf.sandbox.inbox import drop_bank_files

pytestmark = pytest.mark.integration


@pytest.mark.integration
def test_a_night_brings_edits_and_bank_files(own, tmp_path):
    inbox = tmp_path / "sandbox" / "bank" / "inbox"
    drop_bank_files(tmp_path)
    files, records = len(list(inbox.iterdir())), own.records("account.move")

    clock = advance(tmp_path, days=3)

    assert clock.isoformat() == "2026-11-24T03:30:00+00:00"
    assert read_clock(tmp_path) == clock
    assert len(list(inbox.iterdir())) > files
    assert own.records("account.move", round(clock.timestamp() * 1000)) != records


@pytest.mark.integration
def test_the_last_night_can_be_reached(own, tmp_path):
    assert advance(tmp_path, days=90).isoformat() == "2027-02-19T03:30:00+00:00"


def test_the_future_ends_after_ninety_days(own, tmp_path):
    with pytest.raises(ValueError, match=re.escape("1 to 90 days, not by 91")):
        advance(tmp_path, days=91)


def test_time_does_not_run_backwards(own, tmp_path):
    with pytest.raises(ValueError, match="not by -1"):
        advance(tmp_path, days=-1)


def test_without_a_company_the_command_to_make_one_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="umlauf sandbox make"):
        read_clock(tmp_path)
