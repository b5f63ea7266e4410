"""Run a piece of a night in a process of its own, which may be broken, and say how it ended."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from umlauf.errors import UmlaufError

_POLL_SECONDS = 0.005
_SHOWN = 1500


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a process ended, and what its work returned.

    `well`; `refused` by an error of ours; `failed` by the operating system; `crashed` by any other
    error; `killed` by a signal; `hung`.
    """

    how: str
    said: str = ""
    value: Any = None


class Child:
    """A forked process that runs `work`, which returns something JSON can say.

    Fork, since a fresh Python needs seconds to import what a night needs, and a thousand faults
    a thousand times that. The parent has no threads.
    """

    def __init__(self, work: Callable[[], Any], log: Path) -> None:
        self._reader, writer = os.pipe()
        self._begun = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._reader)
            _run(work, writer, log)
        os.close(writer)

    def end(self, patience_seconds: float) -> Ended:
        """Wait until it has ended; one that takes longer is killed and called hung."""
        if not self.wait(self.has_ended, patience_seconds):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self._reader)
            return Ended(how="hung", said=f"still running after {patience_seconds:g} s")
        with os.fdopen(self._reader, "rb") as pipe:
            told = pipe.read()
        if not told:
            return Ended(how="killed", said=f"by signal {os.WTERMSIG(self._status)}"
                         if os.WIFSIGNALED(self._status) else "without a word")  # fmt: skip
        return Ended(**json.loads(told))

    def has_ended(self) -> bool:
        """Tell whether it is gone."""
        pid, self._status = os.waitpid(self.pid, os.WNOHANG)
        return pid == self.pid

    def has_stopped(self) -> bool:
        """Tell whether it is frozen, or gone."""
        pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
        if pid == self.pid and not os.WIFSTOPPED(status):
            self._status = status
            self.has_ended = lambda: True  # type: ignore[method-assign]
        return pid == self.pid

    def go_on(self) -> None:
        """Continue a frozen process."""
        os.kill(self.pid, signal.SIGCONT)

    @staticmethod
    def wait(is_so: Callable[[], bool], patience_seconds: float) -> bool:
        """Return whether it came to be so in time."""
        deadline = time.monotonic() + patience_seconds
        while not is_so():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True


def _run(work: Callable[[], Any], writer: int, log: Path) -> None:
    gc.freeze()  # what the parent left for collection, a database with its threads, stays its own
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _log_to(log)
        ended = _ended(work)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(json.dumps(asdict(ended)).encode())
        code = 0
    finally:
        os._exit(code)


def _ended(work: Callable[[], Any]) -> Ended:
    try:
        return Ended(how="well", value=work())
    except UmlaufError as error:
        return Ended(how="refused", said=f"{type(error).__name__}: {error}"[:_SHOWN])
    except OSError as error:  # a disk that fails is nobody's bug; what it leaves behind would be
        return Ended(how="failed", said=f"{type(error).__name__}: {error}"[:_SHOWN])
    except BaseException as error:
        where = "".join(traceback.format_exception(error))[-4 * _SHOWN :]
        return Ended(how="crashed", said=where)


def _log_to(file: Path) -> None:
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(logging.FileHandler(file))
