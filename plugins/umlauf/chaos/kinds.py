"""Every kind of fault: what it does to a scene, and how the night it strikes may end.

A kind is a generator over a scene: what stands before the first `yield` happens before the night,
each yielded `Strike` tells how the night is run, what follows happens before the plain rerun.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from umlauf.chaos.gremlin import Plan
from umlauf.chaos.mischief import MISCHIEF, Mischief
from umlauf.chaos.steps import Steps
from umlauf.chaos.world import Phase, Scene

WELL = frozenset({"well"})
REFUSED = frozenset({"refused"})
EITHER = WELL | REFUSED
FAILED = frozenset({"failed", "refused"})


@dataclass(kw_only=True)
class Strike:
    """How the struck phase is run: `inside` prepares its process; several `runs` at once.

    One that `freezes` is continued when the others have ended; `lock_removed` is a lease whose
    lock somebody removes meanwhile.
    """

    inside: Callable[[Steps], None] = lambda _: None
    runs: int = 1
    freezes: bool = False
    lock_removed: str = ""
    is_snapshot_damaged: bool = False


Play = Callable[[Scene, random.Random], Iterator[Strike]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of fault: the phase it strikes, of landing the source ("" for all of them)."""

    name: str
    row: int
    play: Play
    ends: frozenset[str]
    source: str = ""
    phase: Phase = "land"
    weight: int = 1


KINDS: dict[str, Kind] = {}


def kind(row: int, **about: Any) -> Callable[[Play], Play]:
    """Declare a kind, named after its function; `about` as of `Kind`."""

    def declare(play: Play) -> Play:
        add(play.__name__, row, play, **about)
        return play

    return declare


def add(name: str, row: int, play: Play, *, ends: frozenset[str] = WELL, **about: Any) -> None:
    """Declare a kind under a name."""
    if name in KINDS:
        raise ValueError(f"two kinds of fault are called {name}")
    KINDS[name] = Kind(name=name, row=row, play=play, ends=ends, **about)


def _answers_badly(how: Mischief, source: str) -> Play:
    def play(scene: Scene, chance: random.Random) -> Iterator[Strike]:
        requests = scene.world.requests[source]
        plan = Plan(
            mischief=how.name,
            source=source,
            first=chance.randrange(requests),
            times=chance.choice(how.times),
            seed=chance.randrange(2**31),
        )
        scene.world.gremlin.plan(plan)
        yield Strike()
        scene.has_fired = scene.world.gremlin.spoiled() > 0
        scene.world.gremlin.plan(None)

    return play


for _how in MISCHIEF.values():
    for _source in ("hubspot", "odoo"):
        add(
            f"{_source}.{_how.name}", _how.row, _answers_badly(_how, _source),
            ends=EITHER if _how.can_fail else WELL, source=_source,
        )  # fmt: skip
