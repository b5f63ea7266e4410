"""What is shown while it works."""

import io

import pytest
from rich.console import Console

from umlauf.local.board import Board
from umlauf.local.make_sandbox import nights_behind
from umlauf.local.summary import plain


def board(is_terminal):
    out = io.StringIO()
    return Board(Console(file=out, force_terminal=is_terminal, width=100)), out


def test_without_a_terminal_each_step_says_when_it_starts_and_how_long_it_took():
    shown, out = board(is_terminal=False)

    with shown.showing(), shown.step("land odoo") as step:
        step.detail = "4 of 4 days"

    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["..", "land", "odoo"]
    assert lines[1].split()[:3] == ["ok", "land", "odoo"]
    assert lines[1].endswith("s  4 of 4 days")


def test_on_a_terminal_the_running_step_shows_how_far_it_is():
    shown, out = board(is_terminal=True)

    with shown.showing():
        shown.begin("land odoo", "2 of 4 days")

    assert "2 of 4 days" in out.getvalue()


def test_a_step_that_raises_is_marked_and_the_error_goes_on():
    shown, out = board(is_terminal=False)

    with pytest.raises(OSError, match="disk"), shown.step("build"):
        raise OSError("disk full")

    assert "!! build" in out.getvalue()


def test_a_step_ends_once():
    shown, _ = board(is_terminal=False)
    step = shown.begin("build")
    shown.end(step)
    ended = step.ended

    shown.fail_open_steps()

    assert (step.ended, step.is_failed) == (ended, False)


def test_numbers_are_written_for_people():
    assert plain(1234567) == "1,234,567"
    assert plain(1234567.89) == "1,234,568"
    assert plain(None) == "-"


def test_the_sandbox_moves_on_to_this_morning_and_never_back():
    from datetime import date

    assert nights_behind(date(2026, 11, 20), date(2026, 11, 23)) == 3
    assert nights_behind(date(2026, 11, 24), date(2026, 11, 23)) == 0
