"""A deadline for a whole exchange: a socket timeout alone lets a server drip for ever."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_current = threading.local()


class Deadline:
    """The end of one exchange; `is_over` says that it was cut."""

    def __init__(self, watchdog: Watchdog) -> None:
        self.due = time.monotonic() + watchdog.seconds
        self.is_over = False
        self._watchdog = watchdog
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        _current.deadline = self
        self._watchdog.arm(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watchdog.arm(None)
        _current.deadline = None

    def watch(self, connected: socket.socket) -> None:
        """Name the socket to cut."""
        self._socket = connected
        if self.is_over:
            self.cut()

    def cut(self) -> None:
        """End the exchange: whoever reads the socket sees it close."""
        self.is_over = True
        if self._socket is not None:
            with contextlib.suppress(OSError):  # the peer was faster
                # Past any TLS layer: its own shutdown would wait for the peer.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class Watchdog:
    """Cuts exchanges that take longer than `seconds`; one exchange at a time.

    Its thread sleeps until the oldest deadline it knows: a request costs it nothing, where a
    timer each would cost as much as parsing the answer.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._armed: Deadline | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = threading.Event()

    def deadline(self) -> Deadline:
        """Return the deadline of the exchange that begins now, to be entered."""
        return Deadline(self)

    def arm(self, deadline: Deadline | None) -> None:
        """Watch `deadline` instead of the one before."""
        with self._lock:
            self._armed = deadline
            if deadline is not None and self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._is_closed.set()

    def _run(self) -> None:
        while (wait := self._look()) is not None and not self._is_closed.wait(wait):
            pass

    def _look(self) -> float | None:
        with self._lock:
            if self._armed is None:
                self._thread = None  # the next exchange starts another
                return None
            wait = self._armed.due - time.monotonic()
            if wait <= 0:
                self._armed.cut()
                return self.seconds
            return wait


def _watch(connected: Any) -> None:
    deadline: Deadline | None = getattr(_current, "deadline", None)
    if deadline is not None and isinstance(connected, socket.socket):
        deadline.watch(connected)


class _PlainConnection(HTTPConnection):
    _kept: Any = None  # http.client forgets its socket as soon as the answer's head is read

    def connect(self) -> None:
        super().connect()
        self._kept = self.sock
        _watch(self._kept)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _watch(self._kept)
        super().request(*args, **kwargs)


class _SecureConnection(HTTPSConnection):
    _kept: Any = None

    def connect(self) -> None:
        super().connect()
        self._kept = self.sock
        _watch(self._kept)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _watch(self._kept)
        super().request(*args, **kwargs)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class DeadlineAdapter(HTTPAdapter):
    """A requests adapter whose connections obey the thread's `Deadline`."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Install the watched connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
