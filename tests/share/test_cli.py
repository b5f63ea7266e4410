"""`umlauf share` as a person uses it; what is held is seen by `umlauf status` and by the night."""

import logging

import pytest
from click.testing import CliRunner

from tests.share.conftest import MORNING
from umlauf import nightly
from umlauf.cli import umlauf
from umlauf.health.status import read_status
from umlauf.share.deliver import deliver_all

pytestmark = pytest.mark.integration


@pytest.fixture
def ask(house):
    """Return a function that runs `umlauf share ...`; the shares end on no day of this test."""
    for partner in house.places:
        house.declare(partner, until="9999-12-31")

    def run(*words):
        found = CliRunner().invoke(umlauf, ["share", *words])
        states = {line.split()[0]: line.split()[1] for line in found.stdout.splitlines()}
        return found.exit_code, states, found.output

    return run


def test_a_share_is_made_looked_at_and_delivered(house, ask):
    assert ask("list")[:2] == (0, {"kabel": "due", "nord": "due"})
    code, states, said = ask("make", "kabel")
    assert (code, states) == (0, {"kabel": "made"})
    assert f"{house.settings.home}/shares/kabel/" in said
    assert list(house.places["kabel"].iterdir()) == []
    assert ask("list")[1] == {"kabel": "made", "nord": "due"}

    assert ask("deliver")[:2] == (0, {"kabel": "delivered", "nord": "delivered"})

    assert ask("list")[1] == {"kabel": "delivered", "nord": "delivered"}
    assert len(list(house.places["kabel"].iterdir())) == 1


def test_what_is_held_ends_with_1_until_it_is_approved(house, ask):
    house.declare("kabel", until="9999-12-31", most_rows=1)

    code, states, said = ask("deliver")
    assert (code, states) == (1, {"kabel": "held", "nord": "delivered"})
    assert "2 rows, declared are 1 at most" in said
    assert ask("list")[1]["kabel"] == "held"
    assert ask("approve", "kabel")[:2] == (0, {"kabel": "delivered"})

    assert ask("deliver")[0] == 0
    assert len(list(house.places["kabel"].iterdir())) == 1


def test_a_wrong_declaration_is_listed_with_what_is_wrong(house, ask):
    house.declare("kabel", most_rows="many")

    code, states, said = ask("list")
    assert (code, states["kabel"]) == (0, "failed")
    assert "most_rows: expected a whole number; found 'many'" in said
    assert ask("make", "kabel")[0] == 2


def test_a_slip_of_the_pen_is_no_incident(house, ask):
    code, _, said = ask("deliver", "kabl")

    assert code == 1
    assert "declared are: kabel, nord" in said
    assert not any("share" in one.what for one in read_status(house.settings, [], MORNING).troubles)


def test_status_says_what_is_held_and_what_has_expired(house):
    house.declare("kabel", most_rows=1)
    house.declare("nord", until="2026-03-31")

    deliver_all(house.settings, clock=lambda: MORNING)

    found = {one.entry: one for one in read_status(house.settings, [], MORNING).troubles}
    held, expired = found["ShareHeld"], found["Expired share"]
    assert "share kabel: ShareHeld: kabel: held: 2 rows, declared are 1 at most" in held.what
    assert held.is_wrong
    assert "umlauf share approve" in held.to_do
    assert expired.what == "share nord: until 2026-03-31: nothing is delivered any more"
    assert not expired.is_wrong


def test_the_night_goes_on_whatever_becomes_of_a_share(house, caplog):
    house.declare("kabel", most_rows="many")

    with caplog.at_level(logging.ERROR):
        nightly._share(nightly.Night(), house.settings, lambda: MORNING)

    assert "most_rows: expected a whole number" in caplog.text
    assert len(list(house.places["nord"].iterdir())) == 1


def test_airflow_s_step_fails_when_all_have_been_tried_first_for_what_is_worth_a_retry(house):
    from umlauf.errors import DeliveryFailed, ShareHeld
    from umlauf.orchestration import steps

    house.declare("a_held", until="9999-12-31", most_rows=0)
    house.declare("kabel", until="9999-12-31")
    house.declare("nord", until="9999-12-31")
    house.places["kabel"].rmdir()

    with pytest.raises(DeliveryFailed, match="kabel: not delivered"):
        steps.share()
    house.places["kabel"].mkdir()
    with pytest.raises(ShareHeld, match="a_held: held"):
        steps.share()

    assert len(list(house.places["nord"].iterdir())) == 1
