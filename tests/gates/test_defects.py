"""Gates that bite: each seeded defect is quarantined, flagged or stopped by the check it names.

Several that touch different rooms share a night; `python -m tests.gates defects` gives each one a
night of its own.
"""

import pytest

from tests.gates.defects import DEFECTS, GROUPS, strike

pytestmark = pytest.mark.integration

# Says of a company this small, on any night, that its forecasts have little to learn from.
FORECASTS = "marts.forecast_score: "


@pytest.fixture(scope="module")
def clean(ground):
    """What the checks say of the same night without defect."""
    return strike(ground, []).judged


def test_there_are_forty_kinds_and_more():
    assert len(DEFECTS) >= 40


def test_a_night_without_defect_raises_no_alarm(clean):
    assert clean.stopped == ""
    assert [name for name, _ in clean.failed if not name.startswith(FORECASTS)] == []
    assert clean.quarantined == {}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0].name)
def test_every_defect_is_caught_by_the_check_it_names(ground, clean, group):
    struck = strike(ground, group)

    missed = [one.name for one in group if not struck.is_caught(one, clean)]

    assert missed == []
