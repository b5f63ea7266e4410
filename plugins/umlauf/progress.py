"""What a command is doing, in one line on a terminal, whenever it has been silent for two seconds.

The line is the log's newest word and the seconds since the command began. It goes as soon as
anything is written, and does not come while a question waits for its answer.
"""

from __future__ import annotations

import logging
import shutil
import sys
import threading
import time
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from types import TracebackType
from typing import Any, Self, TextIO

from umlauf.errors import visible

SILENCE_SECONDS = 2.0
_LOG = logging.getLogger("umlauf")
_TICK_SECONDS = 0.25
_WHEEL = "|/-\\"
_CLEAR = "\r\x1b[2K"


class Progress(logging.Handler):
    """Shows it on the terminal `screen` while the block runs; `doing` is said until the log speaks.

    Whatever is printed meanwhile passes through it, so that a line is never written into another.
    """

    def __init__(self, screen: TextIO, doing: str, silence: float = SILENCE_SECONDS) -> None:
        super().__init__(logging.INFO)
        self._screen, self._doing, self._silence = screen, doing, silence
        self._begun = self._spoken = time.monotonic()
        self._is_shown, self._at_line_start = False, True
        self._turn = threading.RLock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._outputs = ExitStack()

    def __enter__(self) -> Self:
        if sys.stdout.isatty():
            self._outputs.enter_context(redirect_stdout(_Passing(sys.stdout, self)))
        self._outputs.enter_context(redirect_stderr(_Passing(sys.stderr, self)))
        _LOG.addHandler(self)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _LOG.removeHandler(self)
        self._over.set()
        self._thread.join()
        self._outputs.close()
        self._hide()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what the log said last."""
        self._doing = record.getMessage()

    def write(self, stream: TextIO, text: str) -> int:
        """Let a command's own words pass, on a line of their own."""
        with self._turn:
            self._hide()
            if text:
                self._spoken, self._at_line_start = time.monotonic(), text.endswith("\n")
            return stream.write(text)

    def quiet(self) -> None:
        """Show nothing any more: what comes now goes out in one piece, as an answer does."""
        with self._turn:
            self._hide()
            self._over.set()

    def _run(self) -> None:
        ticks = 0
        while not self._over.wait(min(_TICK_SECONDS, self._silence)):
            with self._turn:
                if self._at_line_start and time.monotonic() - self._spoken >= self._silence:
                    self._show(_WHEEL[ticks % len(_WHEEL)])
            ticks += 1

    def _show(self, mark: str) -> None:
        seconds = time.monotonic() - self._begun
        text = visible(f"{mark} {seconds:4.0f} s  {self._doing}")
        self._screen.write(_CLEAR + text[: shutil.get_terminal_size().columns - 1])
        self._screen.flush()
        self._is_shown = True

    def _hide(self) -> None:
        if self._is_shown:
            self._screen.write(_CLEAR)
            self._screen.flush()
            self._is_shown = False


class _Passing:
    """An output that tells of each word before it is written."""

    def __init__(self, stream: TextIO, progress: Progress) -> None:
        self._stream, self._progress = stream, progress

    def write(self, text: str) -> int:
        return self._progress.write(self._stream, text)

    @property
    def buffer(self) -> Any:
        """Give away the stream's bytes, which pass by nobody."""
        self._progress.quiet()
        return getattr(self._stream, "buffer")  # noqa: B009 - TextIO need not have one

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
