"""Killed at any step, an erasure is ended by the next build or by running it again."""

import shutil

import pytest

from tests.erasure.conftest import EVA, People
from umlauf.chaos.child import Child
from umlauf.chaos.steps import Steps, kill
from umlauf.landing.erasures import read_erasures
from umlauf.landing.intact import fault_of
from umlauf.warehouse.erasing import finish_erasures

pytestmark = pytest.mark.integration


@pytest.fixture
def copies(people, tmp_path):
    """Return a maker of copies of the home, each as if nothing had happened yet."""
    people.settings.warehouse.mkdir(parents=True)
    people.settings.warehouse_file.write_text("built")
    backup = tmp_path / "backup"
    shutil.copytree(people.settings.home, backup)

    def make():
        shutil.rmtree(people.settings.home)
        shutil.copytree(backup, people.settings.home)
        return People(people.settings, people.things)

    return make


def interrupted(people, at=0):
    """Erase in a process of its own that is killed before step `at`; return how it ended."""

    def work():
        counted = Steps(home=people.settings.home, at=at, act=kill)
        counted.install()
        people.erase()
        return counted.count

    return Child(work, people.settings.home.parent / "log").end(60)


def as_landed(people):
    return [(file.name, file.stat().st_size) for file in people.batches()], people.rows()


def test_killed_before_any_step_it_ends_the_same(copies):
    whole = copies()
    steps = interrupted(whole).value
    expected = as_landed(whole)
    begun = 0

    for step in range(1, steps + 1):
        people = copies()
        assert interrupted(people, step).how == "killed"
        has_begun = bool(read_erasures(people.root))
        begun += has_begun
        if step % 2 == 0:  # as the next build does; else whoever erased it tries again
            finish_erasures(people.settings)
        else:
            people.erase()

        if has_begun or step % 2:
            assert as_landed(people) == expected
            assert people.traces() == []
            assert not people.settings.warehouse_file.exists()
            assert len(read_erasures(people.root)) == 1
        else:
            assert EVA in people.names()  # as if nobody had asked
        assert [fault_of(people.root, file) for file in people.batches()] == [""] * 4

    assert steps > 20
    assert 10 < begun < steps


def test_a_landing_behind_a_kill_does_not_bring_it_back(copies):
    steps = interrupted(copies()).value
    landed = 0

    for step in range(steps, 1, -5):
        people = copies()
        interrupted(people, step)
        if not read_erasures(people.root):
            break
        held = [row for row in people.rows() if row["record_key"] == EVA]
        people.land()
        assert [row for row in people.rows() if row["record_key"] == EVA] == held
        finish_erasures(people.settings)
        assert people.traces() == []
        landed += 1

    assert landed > 2
