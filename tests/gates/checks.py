"""Every check there is, by a name of its own, and the roster of those that may not go.

python -m tests.gates roster      writes the roster anew; the difference is for a person to read
"""

import json
from dataclasses import dataclass
from pathlib import Path

from tests.warehouse.dbt_alone import dbt
from umlauf.quality.suites import EXPECTATIONS, load_suites

ROSTER = Path(__file__).with_name("critical_checks.txt")


@dataclass(frozen=True)
class Check:
    """One dbt test or expectation; `number` is its place in its suite, from 1."""

    tool: str
    subject: str
    name: str
    severity: str
    number: int = 0


def expectations(folder=EXPECTATIONS):
    """Yield the checks of all suites."""
    for suite in load_suites(folder):
        for number, one in enumerate(suite.content["expectations"], 1):
            column = one["kwargs"].get("column")
            kind = f"{one['type']}({column})" if column else one["type"]
            name = gx_name(suite.name, kind, one["meta"]["why"])
            yield Check("gx", suite.name, name, one["severity"], number)


def gx_name(subject, kind, why):
    """Name an expectation: queries are all of one kind, so what they are for tells them apart."""
    return f"{subject}: {why if kind.startswith('unexpected_rows') else kind}"


def dbt_tests(manifest):
    """Yield the checks of a manifest's nodes."""
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            severity = "critical" if node["config"]["severity"].lower() == "error" else "warning"
            subject = (node.get("attached_node") or "").rsplit(".", 1)[-1]
            yield Check("dbt", subject, node["name"], severity)


def parsed_tests(settings):
    """Let dbt parse the project, and yield its tests."""
    return dbt_tests(json.loads((dbt(settings, "parse") / "manifest.json").read_bytes()))


def lines(checks):
    """Return the roster's lines for these checks."""
    return sorted(f"{one.tool} {one.name}" for one in checks if one.severity == "critical")


def missing(checks):
    """Return the roster's lines that these checks do not have, and theirs that it has not."""
    promised, there = ROSTER.read_text().splitlines(), lines(checks)
    return _less(promised, there), _less(there, promised)


def _less(some, others):
    """Return what is left of a list when another is taken away; twice is not once."""
    left = list(others)
    return [one for one in some if one not in left or left.remove(one)]
