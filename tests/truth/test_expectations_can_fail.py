"""The same of the gates: every expectation fails on rows that were spoilt for it."""

import re

import pytest

from tests.truth.test_checks_can_fail import NUMBER, SPOILT
from umlauf.landing.batch import batch_files
from umlauf.quality.gate import _raw_rows
from umlauf.quality.inspection import Inspection
from umlauf.quality.suites import MARTS, Suite, load_suites
from umlauf.settings import load_settings
from umlauf.warehouse.dbt import read_manifest

pytestmark = pytest.mark.integration

LARGE = {"DATE": ["date '1800-01-01'", "date '2900-01-01'"],
         "TIMESTAMP": ["timestamp '1800-01-01'", "timestamp '2900-01-01'"]}  # fmt: skip
BEYOND = ["-1e12", "1e12"]


def spoilt(rows, columns, expectation):
    """Yield SQL for the same rows with one column spoilt, with rows too many, and with none.

    What is spoilt stands alone first, then beside the sound rows.
    """
    asked = " ".join(str(value) for value in expectation["kwargs"].values())
    named = [column for column in columns if re.search(rf"\b{column[0]}\b", asked)]
    # What a query looks for is a value that would be wrong; a pattern stands for one it fits.
    words = [f"'{word.replace('%', 'x')}'" for word in re.findall("'([^']*)'", asked)]
    for beside in ("", f"select * from ({rows}) union all "):
        for name, kind in named or columns:
            others = LARGE.get(kind, SPOILT.get(kind, [*BEYOND, *NUMBER]))
            for value in ("null", *others, *(words if kind == "VARCHAR" else ())):
                changed = f"cast({value.format(name)} as {kind})"
                yield f'{beside}select * replace ({changed} as "{name}") from ({rows})'
    yield f"select * from ({rows}) union all select * from ({rows})"
    yield f"select * from ({rows}) limit 0"
    yield f"select rows.* from range(20_000) left join ({rows}) as rows on true limit 20_000"


def columns_of(inspection):
    return [(row[0], row[1]) for row in inspection._run("describe base").fetchall()]


def alone(suite, expectation):
    """Return the suite with this expectation and no other."""
    return Suite(
        kind=suite.kind,
        subject=suite.subject,
        content={**suite.content, "expectations": [expectation]},
    )


def finds_something(inspection, suite, select):
    """Tell whether the suite's one expectation fails on the rows that `select` gives."""
    try:
        found = inspection.check(suite, select)
    except Exception as error:
        if "Conversion" in str(error) or "Out of Range" in str(error):
            return False  # no such value in that type
        raise
    return bool(found) and not found[0].passed


def notices(inspection, suite, expectation, columns):
    """Return the rows, as SQL, that the expectation finds something in; None if there are none."""
    judge = alone(suite, expectation)
    return next(
        (
            select
            for select in spoilt("from base", columns, expectation)
            if finds_something(inspection, judge, select)
        ),
        None,
    )


def suites_on_rows(settings, inspection):
    """Yield every suite and the columns of its rows, which stand in the table `base` meanwhile."""
    marts = {node["name"]: node["schema"] for node in read_manifest(settings)["nodes"].values()}
    for suite in load_suites():
        if suite.kind == MARTS:
            rows = f"from warehouse.{marts[suite.subject]}.{suite.subject}"
        else:
            files = batch_files(settings.landing_root, suite.kind, suite.subject)
            rows = _raw_rows(suite, list(files))
        inspection._run(f"create or replace table base as {rows}")
        yield suite, columns_of(inspection)
    inspection._run("drop table base")


def test_every_expectation_finds_something_in_spoilt_rows(company):
    settings = load_settings(home=company.home)
    blind, seen = [], 0
    with Inspection(settings.warehouse_file, settings.memory) as inspection:
        for suite, columns in suites_on_rows(settings, inspection):
            for number, expectation in enumerate(suite.content["expectations"], 1):
                seen += 1
                if not notices(inspection, suite, expectation, columns):
                    blind.append(f"{suite.name} {number}: {expectation['type']}")

    assert seen > 250
    assert blind == []
