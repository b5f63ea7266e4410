"""Leftovers of killed processes: files written beside their target that never got its name."""

from __future__ import annotations

import logging
import shutil

from umlauf.landing.commits import counting
from umlauf.landing.own_records import SOURCE
from umlauf.settings import Settings
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


def sweep_own(settings: Settings) -> None:
    """Remove partials of our own records, which many write: commits are held off meanwhile.

    Raises:
        LeaseBusy: a commit has not ended for as long as a run waits.
    """
    with counting(settings.leases, settings.lease_wait_seconds):
        sweep_partials(settings.landing_root / SOURCE)
