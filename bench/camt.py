"""A camt.053 file of 100 MB, landed: bytes kept, checked, entries in Parquet."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from bench.camt_file import write_camt
from bench.result import Result, run_child

MEGABYTES = 100


def measure(folder: Path) -> Iterator[Result]:
    """Yield MB (10^6 bytes) per second and peak memory."""
    home = folder / "camt"
    shutil.rmtree(home, ignore_errors=True)
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    file = inbox / "large.xml"
    entries, total = write_camt(file, MEGABYTES)
    settled = time.time() - 3600  # a file this fresh could still be growing
    os.utime(file, (settled, settled))
    size = file.stat().st_size / 1e6
    found = run_child("bench.contenders.camt_landing", str(inbox), str(home / "ours"))
    if (found["entries"], found["cents"]) != (entries, int(total * 100)):
        raise RuntimeError(f"bench: wrote {entries} entries of {total}, landed {found}")
    shutil.rmtree(home)
    speed = size / found["seconds"]
    yield Result(name="camt_mb_per_s", value=speed, unit="MB/s", goal=">= 10")
    yield Result(name="camt_peak_mb", value=found["peak_mb"], unit="MB", goal="<= 300")
