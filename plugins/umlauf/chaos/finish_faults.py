"""Faults of a night that builds, checks and publishes: dbt killed, files damaged meanwhile."""

from __future__ import annotations

import logging
import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from umlauf.chaos.kinds import EITHER, WELL, Strike, add
from umlauf.chaos.steps import Steps, kill
from umlauf.chaos.world import Scene

_LINES = 600  # that dbt prints while it builds; some more
_LONGEST_NIGHT_SECONDS = 60.0
KILLED = frozenset({"killed"})


class _AtLine(logging.Handler):
    """Acts when dbt has printed so many lines."""

    def __init__(self, number: int, act: Callable[[str], None]) -> None:
        super().__init__()
        self._left, self._act = number, act

    def emit(self, record: logging.LogRecord) -> None:
        self._left -= 1
        if self._left == 0:
            self._act("dbt")


def _at_dbt_line(number: int, act: Callable[[str], None]) -> Callable[[Steps], None]:
    def inside(_: Steps) -> None:
        told = logging.getLogger("umlauf.warehouse.dbt")
        told.setLevel(logging.INFO)
        told.addHandler(_AtLine(number, act))

    return inside


def _kill_dbt(_: str) -> None:
    for child in psutil.Process().children():
        child.kill()


def _kill_both(_: str) -> None:
    _kill_dbt(_)
    kill(_)


def _killed_at_a_line(act: Callable[[str], None]) -> Callable[..., Iterator[Strike]]:
    def play(scene: Scene, chance: random.Random) -> Iterator[Strike]:
        yield Strike(inside=_at_dbt_line(chance.randrange(1, _LINES), act))

    return play


add("dbt_killed", 1, _killed_at_a_line(_kill_dbt), ends=EITHER, phase="finish", weight=3)
add("night_killed_while_dbt_lives_on", 1, _killed_at_a_line(kill), ends=KILLED | WELL,
    phase="finish", weight=3)  # fmt: skip
add("night_and_dbt_killed", 1, _killed_at_a_line(_kill_both), ends=KILLED | WELL,
    phase="finish", weight=3)  # fmt: skip


def _killed_after_a_while(scene: Scene, chance: random.Random) -> Iterator[Strike]:
    seconds = chance.uniform(0.5, _LONGEST_NIGHT_SECONDS)

    def inside(_: Steps) -> None:
        signal.signal(signal.SIGALRM, lambda *_: kill(""))
        signal.setitimer(signal.ITIMER_REAL, seconds)

    yield Strike(inside=inside)


add("night_killed_after_a_while", 1, _killed_after_a_while, ends=KILLED | WELL,
    phase="finish", weight=6)  # fmt: skip


def _cut(file: Path, chance: random.Random) -> None:
    os.truncate(file, chance.randrange(file.stat().st_size))


def _flip(file: Path, chance: random.Random) -> None:
    with file.open("r+b") as opened:
        for _ in range(20):
            at = chance.randrange(file.stat().st_size)
            opened.seek(at)
            byte = opened.read(1)
            opened.seek(at)
            opened.write(bytes([byte[0] ^ (1 << chance.randrange(8))]))


def _fill(file: Path, chance: random.Random) -> None:
    file.write_bytes(chance.randbytes(file.stat().st_size))


def _empty(file: Path, _: random.Random) -> None:
    file.write_bytes(b"")


def _remove(file: Path, _: random.Random) -> None:
    file.unlink()


def _wal(file: Path, chance: random.Random) -> None:
    file.with_name(f"{file.name}.wal").write_bytes(chance.randbytes(5000))


def _damaged(
    name: str, damage: Callable[[Path, random.Random], None]
) -> Callable[..., Iterator[Strike]]:
    def play(scene: Scene, chance: random.Random) -> Iterator[Strike]:
        file = scene.home / name
        content = file.read_bytes()
        file.unlink()  # a hard link: what is damaged is to be this scene's own
        file.write_bytes(content)
        damage(file, chance)
        yield Strike(is_snapshot_damaged=True)

    return play


for _file, _row, _ways in (
    ("warehouse/warehouse.duckdb", 44, (_cut, _flip, _fill, _empty, _remove)),
    ("warehouse/warehouse.duckdb", 45, (_wal,)),
    ("warehouse/state.json", 44, (_cut, _fill, _remove)),
    ("warehouse/build.json", 44, (_fill, _remove)),
    ("warehouse/dbt/partial_parse.msgpack", 44, (_cut, _fill)),
    ("marts/marts.duckdb", 44, (_cut, _flip, _fill, _empty, _remove)),
):
    for _way in _ways:
        add(f"{Path(_file).stem}{_way.__name__}", _row, _damaged(_file, _way), ends=EITHER,
            phase="finish")  # fmt: skip
