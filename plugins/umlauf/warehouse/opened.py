"""Who else has the warehouse file open: DuckDB lets a writer in only where nobody reads."""

from __future__ import annotations

import fcntl
import os
import struct
import time
from pathlib import Path

from umlauf.errors import LeaseBusy, visible

_FLOCK = "hhqqi"  # struct flock of Linux: type, whence, start, length, process
_POLL_SECONDS = 0.2


def wait_until_closed(file: Path, wait_seconds: float) -> None:
    """Wait at most `wait_seconds` for another process, mostly a person's shell, to close `file`.

    Nobody may hold it open in this process: its lock would be taken away unasked (fcntl(2)).

    Raises:
        LeaseBusy: it is open still; the message names process and program.
    """
    deadline = time.monotonic() + wait_seconds
    while process := _holder(file):
        if time.monotonic() >= deadline:
            raise LeaseBusy(
                f"{file}: open in process {process} ({_program(process)}) after {wait_seconds:g} s;"
                " close it there or end that process, then run again. To look at the marts open the"
                " published snapshot instead: it never stands in a build's way"
            )
        time.sleep(_POLL_SECONDS)


def _holder(file: Path) -> int:
    """Return the process with a lock on `file` that a writer would have to wait for, or 0."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, *_, process = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
    finally:
        os.close(descriptor)
    return 0 if kind == fcntl.F_UNLCK else process


def _program(process: int) -> str:
    """Return the command line of a process; one in another container has none to read."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "another container or host"
    line = b" ".join(words).decode(errors="replace")
    return visible(" ".join(line.split()))[:100]
