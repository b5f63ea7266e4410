"""The process that starts the platform's parts, holds them, and takes them down together.

It leads a session of its own. Its children get a signal from the kernel when it dies, however it
dies; `umlauf down` finds by the record whatever is left then.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from umlauf.local.components import Component, components
from umlauf.local.credentials import load_credentials
from umlauf.local.ports import Ports, is_listening
from umlauf.local.postgres import make_database, open_database, open_marts
from umlauf.local.record import Process, Record, request_file, session_of, write_record
from umlauf.local.redis import write_config
from umlauf.settings import load_settings

_POLL_SECONDS = 0.1
_FIRST_SECONDS = 1.5
_PATIENCE_SECONDS = 4.0
_PR_SET_PDEATHSIG = 1


def log_file(home: Path, component: str) -> Path:
    """Return the log of one component."""
    return home / "logs" / f"{component}.log"


def die_with_parent(number: signal.Signals, parent: int) -> Callable[[], None]:
    """Return what a child runs before exec: Linux signals it when its parent is gone."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None

    def arrange() -> None:
        if library is not None:
            library.prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return arrange


class Supervisor:
    """Runs until it is told to stop or a part of the platform ends."""

    def __init__(self, home: Path, ports: Ports, parts: tuple[Component, ...]) -> None:
        self._home, self._parts = home, parts
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._on_ready: dict[str, Callable[[], None]] = {}
        self._is_told_to_stop = False
        self.record = Record(
            pid=os.getpid(),
            started=psutil.Process().create_time(),
            ports=ports.by_name(),
            components={part.name: Process() for part in parts},
        )

    def when_ready(self, name: str, action: Callable[[], None]) -> None:
        """Run `action` once the part is ready, before anything that waits for it starts."""
        self._on_ready[name] = action

    def stop(self, *_: object) -> None:
        """Ask for the end; safe in a signal handler."""
        self._is_told_to_stop = True

    def run(self) -> int:
        """Start the parts in order, watch them, stop them all; return the exit code."""
        for part in self._parts:
            request_file(self._home, part.name).unlink(missing_ok=True)
        write_record(self._home, self.record)
        failed = False
        try:
            while not self._is_told_to_stop and not failed:
                before = [(item.state, item.pid) for item in self.record.components.values()]
                for part in self._parts:
                    self._advance(part)
                states = [(item.state, item.pid) for item in self.record.components.values()]
                if states != before:
                    write_record(self._home, self.record)
                failed = any(
                    self.record.components[part.name].state == "failed"
                    for part in self._parts
                    if not part.may_fail
                )
                time.sleep(_POLL_SECONDS)
        finally:
            self._take_down()
        return 1 if failed else 0

    def _advance(self, part: Component) -> None:
        item = self.record.components[part.name]
        if item.state == "waiting" or (part.may_fail and item.state == "failed"):
            if self._is_due(part, item):
                request_file(self._home, part.name).unlink(missing_ok=True)
                self._start(part, item)
            return
        if part.name not in self._running or item.state in ("done", "failed"):
            return
        item.exit_code = self._running[part.name].poll()
        if item.exit_code is not None:
            item.state = "done" if part.is_job and item.exit_code == 0 else "failed"
        elif item.state == "starting" and not part.is_job:
            if part.port is not None and not is_listening(part.port):
                return
            self._on_ready.get(part.name, lambda: None)()
            item.state = "ready"
        if item.state != "starting":
            item.seconds = round(time.time() - item.started, 1)

    def _is_due(self, part: Component, item: Process) -> bool:
        must_be_asked_for = part.is_on_request or item.state == "failed"
        if must_be_asked_for and not request_file(self._home, part.name).exists():
            return False
        states = [self.record.components[name].state for name in part.after]
        return all(state in ("ready", "done") for state in states)

    def _start(self, part: Component, item: Process) -> None:
        log = log_file(self._home, part.name)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as out:
            process = subprocess.Popen(
                part.command,
                env=dict(part.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                user=part.user,
                cwd="/",
                preexec_fn=die_with_parent(part.stop_signal, os.getpid()),
            )
        self._running[part.name] = process
        item.pid, item.state = process.pid, "starting"
        item.started = psutil.Process(process.pid).create_time()

    def _take_down(self) -> None:
        """Stop the parts in reverse order of need, then whatever else is in our session."""
        database = self._running.pop("postgres", None)
        for patience in (_FIRST_SECONDS, _PATIENCE_SECONDS):  # Airflow's scheduler wants two
            for name, process in self._running.items():
                process.send_signal(self._part(name).stop_signal)
            _wait(self._running, patience)
        for process in self._running.values():
            process.kill()
        _sweep_session(keep=database.pid if database else 0)
        if database is not None:
            database.send_signal(self._part("postgres").stop_signal)
            _wait({"postgres": database}, _PATIENCE_SECONDS)
            database.kill()
            database.wait()
        for item in self.record.components.values():
            item.state = item.state if item.state in ("failed", "done", "waiting") else "stopped"
        write_record(self._home, self.record)

    def _part(self, name: str) -> Component:
        return next(part for part in self._parts if part.name == name)


def _wait(running: Mapping[str, subprocess.Popen[bytes]], patience_seconds: float) -> None:
    deadline = time.monotonic() + patience_seconds
    for process in running.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))


def _sweep_session(keep: int) -> None:
    """Kill what our children left behind: workers of a scheduler that was killed."""
    for process in psutil.process_iter():
        if process.pid in (os.getpid(), keep) or session_of(process.pid) != os.getpid():
            continue
        with contextlib.suppress(psutil.Error):
            if keep not in [parent.pid for parent in process.parents()]:
                process.kill()


def main(arguments: list[str]) -> int:
    """Run the platform; the argument is JSON: ports, scale, workers, parent (0: outlive it)."""
    asked = json.loads(arguments[0])
    if asked["parent"]:
        die_with_parent(signal.SIGTERM, asked["parent"])()
    settings, ports = load_settings(), Ports(**asked["ports"])
    keys = load_credentials(settings.home)
    make_database(settings.home, keys.postgres_password)
    write_config(settings.home, ports.redis, keys.redis_password)
    settings.reports.mkdir(parents=True, exist_ok=True)
    is_staying = not asked["parent"]  # only then somebody may come and read

    def open_databases() -> None:
        open_database(ports.postgres, keys.postgres_password)
        if is_staying:
            open_marts(ports.postgres, keys.postgres_password, keys.reader_password)

    parts = components(
        settings,
        ports,
        keys,
        asked["scale"],
        has_marts=is_staying,
        workers=asked["workers"],
    )
    supervisor = Supervisor(settings.home, ports, parts)
    supervisor.when_ready("postgres", open_databases)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, supervisor.stop)
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
