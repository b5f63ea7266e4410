"""Every critical check is guarded: taken away, turned round or silenced, it turns a test red.

MUTANTS=600 pytest tests/gates/test_mutants.py      every check; `make mutate` prints who saw which
"""

import os

import pytest

from tests.gates.mutants import mutate

pytestmark = pytest.mark.integration

MUTANTS = int(os.environ.get("MUTANTS", "40"))


def test_every_mutant_of_a_critical_check_is_seen(ground):
    run = mutate(ground, most=MUTANTS)

    assert run.survivors == []
    assert {mutation for mutation, _ in run.seen} == {
        "removed", "made a warning", "inverted", "silenced"
    }  # fmt: skip
