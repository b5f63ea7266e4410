"""Faults of the machine: processes killed or frozen, a disk that refuses, a clock that jumps."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from umlauf.chaos.kinds import EITHER, FAILED, WELL, Strike, add, kind
from umlauf.chaos.steps import FAILING, Steps, fail_with, kill, stop, terminate
from umlauf.chaos.world import Scene

KILLED = frozenset({"killed"})
ANYHOW = KILLED | EITHER


def at_step(number: int, act: Callable[[str], None]) -> Callable[[Steps], None]:
    """Return what makes a process act at one of its steps."""

    def inside(steps: Steps) -> None:
        steps.at, steps.act = number, act

    return inside


def _ended_at_a_step(act: Callable[[str], None], source: str) -> Callable[..., Iterator[Strike]]:
    def play(scene: Scene, chance: random.Random) -> Iterator[Strike]:
        yield Strike(inside=at_step(1 + chance.randrange(len(scene.world.steps[source])), act))

    return play


for _source in ("bank", "hubspot", "odoo"):
    add(f"{_source}.killed_at_a_step", 1, _ended_at_a_step(kill, _source),
        ends=KILLED, source=_source, weight=8)  # fmt: skip
    add(f"{_source}.terminated_at_a_step", 2, _ended_at_a_step(terminate, _source),
        ends=KILLED, source=_source, weight=2)  # fmt: skip


def _refused(what: str, source: str) -> Callable[..., Iterator[Strike]]:
    def play(scene: Scene, chance: random.Random) -> Iterator[Strike]:
        places = [
            number for number, name in enumerate(scene.world.steps[source], 1) if name == what
        ]
        number = chance.choice(FAILING[what])
        yield Strike(inside=at_step(chance.choice(places), fail_with(number)))

    return play


for _what in FAILING:
    for _source in ("bank", "hubspot", "odoo"):
        if _what == "connect" and _source == "bank":
            continue  # a folder has no connection, and SFTP's is not seen from inside
        if _what == "link" or (_what == "mkdir" and _source != "bank"):
            continue
        add(f"{_source}.{_what}_fails", 42 if _what != "connect" else 8, _refused(_what, _source),
            ends=FAILED | WELL, source=_source, weight=2)  # fmt: skip


@kind(1, ends=ANYHOW, source="odoo", weight=3)
def killed_twice_in_a_row(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """The rerun of a killed run is killed as well."""
    steps = len(scene.world.steps["odoo"])
    yield Strike(inside=at_step(1 + chance.randrange(steps), kill))
    yield Strike(inside=at_step(1 + chance.randrange(steps), kill))


@kind(47, ends=EITHER, source="odoo", weight=3)
def two_runs_at_once(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """The second waits for the lease, then adds nothing."""
    yield Strike(runs=2)


@kind(48, ends=ANYHOW, source="odoo", weight=3)
def frozen_while_another_runs(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """A run freezes in the middle, another is started, then the first wakes."""
    steps = len(scene.world.steps["odoo"])
    yield Strike(inside=at_step(1 + chance.randrange(steps), stop), runs=2, freezes=True)


@kind(48, ends=ANYHOW, source="odoo", weight=3)
def zombie_wakes_after_its_lease_is_gone(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """As above, and somebody has removed the lock: the late one may commit nothing any more."""
    steps = len(scene.world.steps["odoo"])
    yield Strike(
        inside=at_step(1 + chance.randrange(steps), stop),
        runs=2,
        freezes=True,
        lock_removed="land_odoo",
    )


for _act, _name, _row in ((kill, "killed", 4), (terminate, "terminated", 2)):
    add(f"publishing_{_name}_at_a_step", _row, _ended_at_a_step(_act, "publish"),
        ends=KILLED, phase="publish", weight=12)  # fmt: skip

for _what in ("open", "fsync", "rename", "mkdir"):
    add(f"publishing_{_what}_fails", 42, _refused(_what, "publish"),
        ends=FAILED | WELL, phase="publish", weight=3)  # fmt: skip


@kind(47, ends=EITHER, phase="publish", weight=3)
def two_publish_at_once(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """The second waits, then publishes the same once more."""
    yield Strike(runs=2)


@kind(48, ends=ANYHOW, phase="publish", weight=3)
def publisher_frozen_and_its_lease_gone(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    """A frozen publisher wakes when another has published: it may not swap any more."""
    steps = len(scene.world.steps["publish"])
    yield Strike(
        inside=at_step(1 + chance.randrange(steps), stop),
        runs=2,
        freezes=True,
        lock_removed="warehouse",
    )


def _clock_that_jumps(hours: int, source: str) -> Callable[..., Iterator[Strike]]:
    def play(scene: Scene, chance: random.Random) -> Iterator[Strike]:
        looks, at = 0, chance.randrange(1, 6)

        def clock() -> datetime:
            nonlocal looks
            looks += 1
            return scene.world.now + timedelta(hours=hours if looks > at else 0)

        scene.clock = clock
        yield Strike()
        scene.clock = None

    return play


for _hours in (-24, -1, 1, 24):
    for _source in ("bank", "hubspot", "odoo"):
        add(f"{_source}.clock_jumps_by_{_hours}_hours".replace("-", "minus_"), 5,
            _clock_that_jumps(_hours, _source), ends=WELL, source=_source)  # fmt: skip
