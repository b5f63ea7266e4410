"""What the documentation says to type can be typed."""

import pytest

from tests.docs.commands import PAGES, fault, read_commands, stray_commands

COMMANDS = [command for page in PAGES for command in read_commands(page)]


def test_the_pages_hold_commands_of_all_kinds():
    whole = {command.text.split()[0] for command in COMMANDS if command.is_whole}

    assert len(COMMANDS) > 100
    assert whole == {"umlauf", "make", "docker", "export"}


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_command_is_understood(command):
    assert fault(command.text, is_whole=command.is_whole) is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_command_hides_where_nothing_checks_it(page):
    assert stray_commands(page) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("umlauf lnad hubspot", "no command lnad"),
        ("umlauf land hubspot --fully", "--fully"),
        ("umlauf land", "SOURCE"),
        ("umlauf contract differ", "no command differ"),
        ("umlauf contract", "missing"),
        ("umlauf build --known-on yesterday", "yesterday"),
        ("umlauf query 'select 1' --format yaml", "yaml"),
        ("make demos", "no target demos"),
        ("docker compose exec wroker umlauf status", "no service wroker"),
        ("docker compose exec worker umlauf stat", "no command stat"),
        ("python -m bensh publishing", "no module bensh"),
        ("pytest tests/truth/test_nothing.py", "no file"),
        ("export UMLAUF_HOMES=/srv", "no setting UMLAUF_HOMES"),
        ("export UMLAUF_REPORTING_CURRENCY=euro", "reporting_currency"),
        ("export UMLAUF_SOURCES__ODO__ENABLED=false", "odo"),
        ("export AIRFLOW_CONN_ODOO_DEFAULT='{conn_type: http}'", "odoo_default"),
        ("rm -r var", "unknown program rm"),
    ],
)
def test_a_wrong_command_is_caught(text, told):
    assert told.casefold() in (fault(text) or "").casefold()
