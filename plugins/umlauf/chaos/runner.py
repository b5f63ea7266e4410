"""Play many faults, each from its own seed, on as many workers as there are cores."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from umlauf.chaos import bank_faults, finish_faults, process_faults  # noqa: F401 - declare their kinds
from umlauf.chaos.child import Child
from umlauf.chaos.gremlin import serving
from umlauf.chaos.judge import digest
from umlauf.chaos.kinds import Strike
from umlauf.chaos.replay import read_replay
from umlauf.chaos.stage import Stage, Verdict
from umlauf.chaos.tasks import Task
from umlauf.chaos.world import SOURCES, Phase, make_company, make_world
from umlauf.sources.registry import all_sources

_COMPANY_SEED = 7


@contextmanager
def stage_set(folder: Path) -> Iterator[Stage]:
    """Make a company below `folder`, run two nights without fault, and remove all at the end.

    Raises:
        RuntimeError: a night without fault did not end well.
    """
    folder.mkdir(parents=True)
    all_sources()  # imported once, not in every process that lands
    try:
        make_company(folder, _COMPANY_SEED)
        with serving(folder / "company") as (addresses, gremlin):
            isolated = _isolated(folder)
            world = make_world(folder, addresses, gremlin, isolated)
            before, after = world.settings(world.before), world.settings(world.after)
            replay = read_replay(before)
            isolated(lambda: replay.prove(before))
            stage = Stage(world=world, replay=replay, digest=digest(world.after))
            stage.marts = isolated(lambda: replay.marts(after))
            for name in SOURCES:
                world.steps = {**world.steps, name: _steps(stage, "land", name)}
            world.steps = {**world.steps, "publish": _steps(stage, "publish", "")}
            yield stage
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def play_all(stage: Stage, tasks: Sequence[Task], workers: int) -> Iterator[Verdict]:
    """Yield the verdict on each task, in the order they come."""
    context = multiprocessing.get_context("fork")
    verdicts: Any = context.SimpleQueue()
    ahead = context.Value("i", 0)

    def work() -> None:
        with serving(stage.world.folder / "company") as (addresses, gremlin):
            stage.world.addresses, stage.world.gremlin = addresses, gremlin
            while True:
                with ahead.get_lock():
                    number = ahead.value
                    ahead.value += 1
                if number >= len(tasks):
                    return
                verdicts.put(stage.play(tasks[number].seed, tasks[number].kind))

    processes = [context.Process(target=work) for _ in range(workers)]
    for process in processes:
        process.start()
    for _ in tasks:
        yield verdicts.get()
    for process in processes:
        process.join()


def _steps(stage: Stage, phase: Phase, source: str) -> list[str]:
    scene = stage.world.scene(f"steps-{phase}-{source}", phase, source)
    (ended,) = stage.run(scene, Strike())
    scene.remove()
    if ended.how != "well":
        raise RuntimeError(f"{phase} {source} without fault {ended.how}: {ended.said}")
    names: list[str] = ended.value
    return names


def _isolated(folder: Path) -> Callable[[Callable[[], Any]], Any]:
    def run(work: Callable[[], Any]) -> Any:
        ended = Child(work, folder / "log").end(600)
        if ended.how != "well":
            raise RuntimeError(f"a night without fault {ended.how}: {ended.said}")
        return ended.value

    return run
