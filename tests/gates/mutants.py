"""What turns red when a critical check is removed, made a warning, inverted or silenced.

One pytest run per mutant would be 2,000 builds. So each mutant is put before the assertion itself
of the test that guards it, in this process:

    removed, a warning    the roster of checks (test_roster.py) compares names: `missing` does
    inverted              a clean night is refused: what its check said is turned round, and the
                          product's own decision asked (build: `_raise_failures`, gate: `_decide`);
                          every test that builds a clean company turns red by it
    silenced              it is put before the data that were spoilt for it in tests/truth/
                          test_checks_can_fail.py and test_expectations_can_fail.py, and finds
                          nothing where it found something before

Nobody has yet edited each file and run pytest to see that it comes to the same.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

from tests.gates.checks import dbt_tests, expectations, missing
from tests.truth import test_checks_can_fail as sql_truth
from tests.truth import test_expectations_can_fail as gx_truth
from umlauf.errors import CheckFailed
from umlauf.quality.gate import _decide
from umlauf.quality.inspection import Inspection
from umlauf.warehouse.dbt import NodeResult, _raise_failures, read_manifest

ROSTER, CLEAN_NIGHT, SPOILT = "the roster", "a clean night", "spoilt data"


@dataclass
class Run:
    """Which guard saw which kind of mutant, and the mutants that none saw."""

    seen: Counter = field(default_factory=Counter)
    survivors: list = field(default_factory=list)

    def note(self, check, mutation, guard, *, is_red):
        """Count one mutant."""
        self.seen[mutation, guard] += is_red
        if not is_red:
            self.survivors.append(f"{mutation}: {check.tool} {check.name}")

    def __str__(self):
        lines = [
            f"{count:>5} {mutation:<15} seen by {guard}"
            for (mutation, guard), count in self.seen.items()
        ]
        total = sum(self.seen.values()) + len(self.survivors)
        lines += [f"{total:>5} mutants, {len(self.survivors)} survive", *self.survivors]
        return "\n".join(lines)


def mutate(ground, most, seed=1):
    """Make every mutant of up to `most` critical checks, drawn by `seed`, and see which survive."""
    settings = ground.here().settings
    manifest = read_manifest(settings)
    checks = [*dbt_tests(manifest), *expectations()]
    critical = [check for check in checks if check.severity == "critical"]
    chosen = Random(seed).sample(critical, min(most, len(critical)))  # noqa: S311 - repeatable
    of_dbt, of_gx = ([one for one in chosen if one.tool == tool] for tool in ("dbt", "gx"))
    run = Run()
    off_the_roster(run, checks, chosen)
    inverted(run, chosen, ground.said())
    with ground.replay.built(settings) as database:
        silenced_tests(run, of_dbt, manifest["nodes"], database)
    silenced_expectations(run, of_gx, settings)
    return run


def off_the_roster(run, checks, chosen):
    """Take each chosen check away, or make it a warning: the roster must miss it."""
    for check in chosen:
        others = [one for one in checks if one is not check]
        demoted = [*others, replace(check, severity="warning")]
        run.note(check, "removed", ROSTER, is_red=missing(others) != ([], []))
        run.note(check, "made a warning", ROSTER, is_red=missing(demoted) != ([], []))


def inverted(run, chosen, said):
    """Turn round what each check said of a clean night: the product must refuse the night.

    `said` are all results of that night by tool and name, as build and gates have landed them.
    """
    for check in chosen:
        result = said[check.tool, check.name]
        is_red = result.severity == "critical" and _is_refused(check, result, said.values())
        run.note(check, "inverted", CLEAN_NIGHT, is_red=is_red)


def _is_refused(check, result, results):
    turned = [replace(one, passed=not one.passed) if one is result else one for one in results]
    try:
        if check.tool == "dbt":
            _raise_failures([_of_dbt(one) for one in turned if one.tool == "dbt"], 0)
        else:
            _decide("of a mutant", turned)
    except CheckFailed as error:
        return result.check in str(error)
    return False


def _of_dbt(result):
    return NodeResult(
        name=result.check, kind="test", status="pass" if result.passed else "fail",
        failures=result.failures, message=result.message, seconds=0,
    )  # fmt: skip


def silenced_tests(run, chosen, manifest, database):
    """Silence each chosen dbt test, and put it before the data it finds something in."""
    nodes = {node["name"]: (key, node) for key, node in manifest.items()}
    for check in chosen:
        key, node = nodes[check.name]
        first, sql = str(node.get("test_metadata") or ""), node["compiled_code"]
        statements = (
            statement
            for table in sql_truth.tables_read(manifest, key)
            for statement in sql_truth.spoilt(database, table, first)
        )
        bite = (one for one in statements if sql_truth.finds_something(database, sql, one))
        statement = next(bite, None)
        is_red = statement is not None and not sql_truth.finds_something(
            database, silent_sql(sql), statement
        )
        run.note(check, "silenced", SPOILT, is_red=is_red)


def silenced_expectations(run, chosen, settings):
    """The same of expectations."""
    wanted = {(check.subject, check.number): check for check in chosen}
    with Inspection(settings.warehouse_file, settings.memory) as inspection:
        for suite, columns in gx_truth.suites_on_rows(settings, inspection):
            for number, expectation in enumerate(suite.content["expectations"], 1):
                if check := wanted.get((suite.name, number)):
                    select = gx_truth.notices(inspection, suite, expectation, columns)
                    silent = gx_truth.alone(suite, silent_expectation(expectation))
                    is_red = select is not None and not gx_truth.finds_something(
                        inspection, silent, select
                    )
                    run.note(check, "silenced", SPOILT, is_red=is_red)


def silent_sql(sql):
    """Return a dbt test that finds nothing."""
    return f"select * from ({sql}) as mutant where false"


def silent_expectation(expectation):
    """Return an expectation that always holds, of the same name."""
    asked = dict(expectation["kwargs"])
    if query := asked.get("unexpected_rows_query"):
        return expectation | {
            "kwargs": {"unexpected_rows_query": f"select * from ({query}) as mutant where false"}
        }
    if "value_set" in asked and "distinct" in expectation["type"]:
        return expectation | {"kwargs": asked | {"value_set": []}}
    if expectation["type"].startswith(("expect_table", "expect_column_sum")):
        return expectation | {"kwargs": asked | {"min_value": -(10**15), "max_value": 10**15}}
    return expectation | {"kwargs": asked | {"mostly": 0.0}}
