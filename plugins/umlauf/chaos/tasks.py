"""Which faults to play: drawn by weight, each kind in turn, or a kill at each step and at pairs."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from umlauf.chaos.kinds import KINDS, Kind, Strike
from umlauf.chaos.process_faults import KILLED, at_step
from umlauf.chaos.stage import Stage
from umlauf.chaos.steps import kill
from umlauf.chaos.world import Phase, Scene

_KILLED_AT = re.compile(r"(\w+) killed at step (\d+) \([^)]*\)(?:, then (\d+) \([^)]*\))?")

Plan = Callable[[Stage, int, int, str], list["Task"]]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One fault to play; without a kind it is drawn by the seed."""

    seed: int
    kind: Kind | None = None


def is_known(name: str) -> bool:
    """Return whether `--kind` can name this: a kind, or what a plan of steps calls its kills."""
    return name in KINDS or _KILLED_AT.fullmatch(name) is not None


def drawn(stage: Stage, seed: int, faults: int, name: str) -> list[Task]:
    """Draw each by its weight, or take the kind called `name`."""
    kind = KINDS.get(name)
    if at := _KILLED_AT.fullmatch(name):
        kind = _killed(stage, at[1], [int(number) for number in at.groups()[1:] if number])
    return [Task(seed=seed + number, kind=kind) for number in range(faults)]


def in_turn(_: Stage, seed: int, faults: int, __: str) -> list[Task]:
    """Take each kind once, then each once more, until there are enough."""
    kinds = list(KINDS.values())
    return [Task(seed=seed + number, kind=kinds[number % len(kinds)]) for number in range(faults)]


def every_step(stage: Stage, seed: int, _: int, __: str) -> list[Task]:
    """Kill once at each numbered step of landing each source and of publishing."""
    return [
        Task(seed=seed, kind=_killed(stage, where, [number]))
        for where, steps in stage.world.steps.items()
        for number in range(1, len(steps) + 1)
    ]


def step_pairs(stage: Stage, seed: int, faults: int, _: str) -> list[Task]:
    """Kill at a random step, and the next run at another one."""
    chance = random.Random(seed)
    tasks: list[Task] = []
    while len(tasks) < faults:
        where = chance.choice(sorted(stage.world.steps))
        pair = [chance.randint(1, len(stage.world.steps[where])) for _ in range(2)]
        tasks.append(Task(seed=seed, kind=_killed(stage, where, pair)))
    return tasks


def _killed(stage: Stage, where: str, numbers: list[int]) -> Kind:
    phase: Phase = "publish" if where == "publish" else "land"
    names = [stage.world.steps[where][number - 1] for number in numbers]

    def play(_: Scene, __: random.Random) -> Iterator[Strike]:
        for number in numbers:
            yield Strike(inside=at_step(number, kill))

    told = ", then ".join(f"{number} ({name})" for number, name in zip(numbers, names, strict=True))
    return Kind(
        name=f"{where} killed at step {told}",
        row=1,
        play=play,
        # What the first run has landed the second need not: it may be done before its step.
        ends=KILLED if len(numbers) == 1 else KILLED | {"well"},
        source="" if phase == "publish" else where,
        phase=phase,
    )


PLANS: dict[str, Plan] = {
    "drawn": drawn,
    "each-kind": in_turn,
    "every-step": every_step,
    "step-pairs": step_pairs,
}
