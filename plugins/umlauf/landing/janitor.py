"""Leftovers of killed processes: files written beside their target that never got its name."""

from __future__ import annotations

import logging
import shutil

from umlauf.storage.bucket_path import AnyPath
from umlauf.storage.commit import workshop

log = logging.getLogger(__name__)


def sweep_partials(folder: AnyPath, pattern: str = "**/*.partial*") -> None:
    """Remove what fits `pattern` below `folder`: by default every partial, and DuckDB's log of one.

    The caller holds the lease, or the lock, of all who write such files there. So whoever left one
    is dead: the living hold it themselves.
    """
    for left in sorted(workshop(folder).glob(pattern)):
        log.warning("removed %s, which a killed run had left", left)
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()
