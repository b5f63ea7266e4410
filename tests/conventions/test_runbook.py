"""Whatever can fail has an entry in the runbook, under the name by which people are sent there."""

import ast
import inspect
import re
from pathlib import Path

import yaml

from umlauf import errors
from umlauf.errors import UmlaufError

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
ENTRIES = set(re.findall(r"^## (.+)$", RUNBOOK, flags=re.MULTILINE))
IN_BACKTICKS = set(re.findall(r"`(\w+)`", RUNBOOK))


def error_classes():
    found = inspect.getmembers(errors, inspect.isclass)
    return [kind for _, kind in found if issubclass(kind, UmlaufError)]


def test_every_error_has_its_entry():
    assert len(error_classes()) > 10
    assert {kind.__name__ for kind in error_classes()} - ENTRIES == set()


def test_every_error_says_what_to_do():
    assert [kind.__name__ for kind in error_classes() if not kind.to_do] == []
    silent = {UmlaufError, errors.SourceError, errors.LeaseError}  # never raised themselves
    said = [kind for kind in error_classes() if "to_do" not in vars(kind)]
    assert set(said) - silent == {errors.KeyRefused} - {UmlaufError}  # as a key without the scope


def test_every_place_people_are_sent_to_is_there():
    sent = {
        value.value
        for file in (ROOT / "plugins" / "umlauf" / "health").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.keyword) and node.arg == "entry"
        for value in ast.walk(node.value)
        if isinstance(value, ast.Constant)
    }

    assert len(sent) > 6
    assert sent - ENTRIES == set()


def test_every_kind_of_expectation_is_spoken_of():
    suites = (yaml.safe_load(file.read_text()) for file in (ROOT / "expectations").rglob("*.yml"))
    kinds = {one["type"] for suite in suites for one in suite.get("expectations", ())}

    assert len(kinds) > 5
    assert kinds - IN_BACKTICKS == set()


def test_every_kind_of_test_of_ours_is_spoken_of():
    ours = {file.stem for file in (ROOT / "dbt_project" / "tests" / "generic").glob("*.sql")}

    assert ours
    assert ours - IN_BACKTICKS == set()
