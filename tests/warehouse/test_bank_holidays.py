"""The seed of bank holidays is what the package says, and says what banks do."""

import csv
import runpy
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


def in_the_seed():
    with (SEEDS / "bank_holidays.csv").open(encoding="utf-8") as file:
        return [tuple(row.values()) for row in csv.DictReader(file)]


def test_the_seed_is_what_the_package_says():
    made = runpy.run_path(str(SEEDS / "make_bank_holidays.py"))

    assert in_the_seed() == made["bank_holidays"](), "run dbt_project/seeds/make_bank_holidays.py"


def test_banks_part_where_countries_do():
    days = {(calendar, day) for calendar, day, _ in in_the_seed()}

    assert ("TARGET", "2026-05-01") in days
    assert ("US", "2026-05-01") not in days
    assert ("US", "2026-07-03") not in days  # a Saturday's holiday does not move
    assert ("CH", "2026-08-01") in days
    assert ("TARGET", "2026-10-03") not in days
    assert ("DE", "2026-10-03") in days
