"""What runs: `<home>/run/platform.json`, by which `down` finds processes. Never by their names.

A process counts as ours if its id and its start time are those written down. The platform has a
session of its own, so that children of children are found even after kill -9 of the supervisor.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

# The start time is read from the kernel with a resolution of 10 ms, then made wall-clock time.
_SAME_START_SECONDS = 1.0
REDIS, WORKER = "redis", "worker-"  # names of components that are not always there


@dataclass(kw_only=True)
class Process:
    """One component: its state, and since when; times in seconds since 1970."""

    state: str = "waiting"  # waiting, starting, ready, done, failed, stopped
    pid: int = 0
    started: float = 0.0
    seconds: float = 0.0
    exit_code: int | None = None


@dataclass(kw_only=True)
class Record:
    """The supervisor (leader of the platform's session) and its components."""

    pid: int
    started: float
    ports: dict[str, int] = field(default_factory=dict)
    components: dict[str, Process] = field(default_factory=dict)

    def workers(self) -> list[str]:
        """Return the names of Airflow's Celery workers, whether they run now or not."""
        return [name for name in self.components if name.startswith(WORKER)]

    def is_alive(self) -> bool:
        """Whether any process of the platform is left."""
        return any(True for _ in self.processes())

    def processes(self) -> Iterator[psutil.Process]:
        """Yield what is left of the platform: recorded processes, and all of its session."""
        recorded = {self.pid: self.started}
        recorded |= {item.pid: item.started for item in self.components.values() if item.pid}
        is_leader_ours = started_at(self.pid) is None or _is_close(self.pid, self.started)
        for process in psutil.process_iter():
            if process.pid == os.getpid():
                continue
            started = recorded.get(process.pid)
            if (started is not None and is_same(process.pid, started)) or (
                is_leader_ours and session_of(process.pid) == self.pid
            ):
                yield process


def is_same(pid: int, started: float) -> bool:
    """Whether the process that had this id at that time still lives; zombies do not."""
    try:
        is_dead = psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
    return not is_dead and _is_close(pid, started)


def started_at(pid: int) -> float | None:
    """Return when a process started, seconds since 1970; None if there is no such process."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return None


def session_of(pid: int) -> int:
    """Return the session of a process, 0 if it is gone; zombies belong to none."""
    try:
        if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return 0
        return os.getsid(pid)
    except (psutil.Error, OSError):
        return 0


def _is_close(pid: int, started: float) -> bool:
    found = started_at(pid)
    return found is not None and abs(found - started) < _SAME_START_SECONDS


def record_file(home: Path) -> Path:
    """Return where the record stands."""
    return home / "run" / "platform.json"


def request_file(home: Path, component: str) -> Path:
    """Return the file that asks for a component: one on request, or one that failed."""
    return home / "run" / f"{component}.asked"


def write_record(home: Path, record: Record) -> None:
    """Replace the record in one step."""
    file = record_file(home)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(record)))
    partial.replace(file)


def read_record(home: Path) -> Record | None:
    """Return what was written down last, None if nothing was or it cannot be read."""
    try:
        stated = json.loads(record_file(home).read_text())
        components = {name: Process(**item) for name, item in stated.pop("components").items()}
        return Record(**stated, components=components)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def end_all(record: Record, patience_seconds: float = 20.0) -> int:
    """End the platform: ask the supervisor, wait, then kill what is left; return how many were."""
    if is_same(record.pid, record.started):
        os.kill(record.pid, signal.SIGTERM)
        _wait_gone(record, patience_seconds)
    left = list(record.processes())
    for process in left:
        _signal(process, signal.SIGTERM)
    if left:
        _wait_gone(record, min(5.0, patience_seconds))
    while stubborn := list(record.processes()):
        for process in stubborn:
            _signal(process, signal.SIGKILL)
        time.sleep(0.1)
    return len(left)


def _wait_gone(record: Record, patience_seconds: float) -> None:
    deadline = time.monotonic() + patience_seconds
    while record.is_alive() and time.monotonic() < deadline:
        time.sleep(0.1)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.Error:
        return
