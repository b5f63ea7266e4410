"""No critical check goes, or becomes a warning, unnoticed."""

import pytest

from tests.gates.checks import expectations, missing, parsed_tests

pytestmark = pytest.mark.integration


def test_every_critical_check_of_the_roster_is_there_and_no_other(settings):
    gone, new = missing([*parsed_tests(settings), *expectations()])

    assert gone == [], "was that meant? `python -m tests.gates roster` writes the roster anew"
    assert new == [], "put it on the roster: `python -m tests.gates roster`"
