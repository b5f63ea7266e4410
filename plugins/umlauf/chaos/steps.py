"""The numbered steps of a process: each request, file opened for writing, write, fsync, rename...

Counted from inside by Python's audit events and by standing in for the calls that raise none. At a
chosen step the process is killed, stopped, or told by the operating system that it cannot be done.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_AUDITED = {
    "http.client.connect": "connect",
    "http.client.send": "request",
    "os.mkdir": "mkdir",
    "os.rename": "rename",
    "os.remove": "remove",
    "os.truncate": "truncate",
    "os.link": "link",
}
# Steps at which a disk or the network can fail, and how; at all of them a process can be killed.
FAILING = {
    "open": (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.EMFILE),
    "write": (errno.ENOSPC, errno.EDQUOT, errno.EIO),
    "fsync": (errno.EIO, errno.ENOSPC),
    "mkdir": (errno.ENOSPC, errno.EROFS, errno.EACCES),
    "rename": (errno.EIO, errno.EACCES, errno.ENOSPC),
    "link": (errno.EIO, errno.EMLINK),
    "connect": (errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH),
}


@dataclass(kw_only=True)
class Steps:
    """Counts the steps below `home` and acts at number `at`; the first is 1."""

    home: Path
    at: int = 0
    act: Callable[[str], None] = lambda _: None
    count: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)
    _is_inside: bool = False

    def step(self, kind: str) -> None:
        """Count one step, and act if it is the one."""
        if self._is_inside:
            return
        self.count += 1
        self.kinds[kind] += 1
        self.names.append(kind)
        if self.count == self.at:
            self._is_inside = True
            try:
                self.act(kind)
            finally:
                self._is_inside = False

    def install(self) -> None:
        """Watch this process from now on; only its end ends it."""
        home = str(self.home)
        sync, connect, opened = os.fsync, duckdb.connect, io.open

        def audit(event: str, given: tuple[Any, ...]) -> None:
            if event == "open":
                path, _, flags = given
                is_ours = isinstance(path, str | bytes) and os.fsdecode(path).startswith(home)
                if is_ours and flags & _WRITING:
                    self.step("open")
            elif event in _AUDITED:
                self.step(_AUDITED[event])

        def fsync(descriptor: Any) -> None:
            self.step("fsync")
            sync(descriptor)

        def open_counted(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            stream = opened(file, mode, *rest, **named)
            if mode == "wb" and str(file).startswith(home):
                return _CountedFile(stream, self)
            return stream

        os.fsync = fsync  # type: ignore[assignment]
        io.open = open_counted
        duckdb.connect = lambda *given, **named: _CountedConnection(  # type: ignore[assignment]
            connect(*given, **named), self
        )
        sys.addaudithook(audit)


class _CountedFile(io.BufferedWriter):
    def __init__(self, stream: Any, steps: Steps) -> None:
        super().__init__(stream.detach())
        self._steps = steps

    def write(self, data: Any) -> int:
        self._steps.step("write")
        return super().write(data)


class _CountedConnection:
    """A DuckDB connection whose statements are steps."""

    def __init__(self, inner: Any, steps: Steps) -> None:
        self._inner, self._steps = inner, steps

    def execute(self, *given: Any, **named: Any) -> Any:
        self._steps.step("statement")
        return self._inner.execute(*given, **named)

    def cursor(self) -> _CountedConnection:
        return _CountedConnection(self._inner.cursor(), self._steps)

    def __enter__(self) -> _CountedConnection:
        return self

    def __exit__(self, *given: object) -> None:
        self._inner.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def kill(_: str) -> None:
    """End this process as kill -9 does, without another instruction."""
    os.kill(os.getpid(), signal.SIGKILL)


def terminate(_: str) -> None:
    """End this process as an orchestrator's timeout does."""
    os.kill(os.getpid(), signal.SIGTERM)


def stop(_: str) -> None:
    """Freeze this process until somebody continues it."""
    os.kill(os.getpid(), signal.SIGSTOP)


def fail_with(number: int) -> Callable[[str], None]:
    """Return an act that the operating system's error `number` describes."""

    def act(_: str) -> None:
        raise OSError(number, os.strerror(number))

    return act
