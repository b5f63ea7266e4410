"""A warehouse beside the nights' own: built from the same landing, looked at, thrown away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from umlauf.landing.lease import Lease, hold_lease
from umlauf.settings import Settings


@contextmanager
def scratch_warehouse(settings: Settings, name: str) -> Iterator[tuple[Settings, Lease]]:
    """Yield settings with the same landing and all else below <home>/<name>, and their lease.

    What a killed one left is removed before, everything afterwards. One of a name at a time.
    """
    scratch = settings.model_copy(
        update={"home": settings.home / name, "landing": settings.landing_root}
    )
    with hold_lease(settings.leases, name, settings.lease_wait_seconds) as lease:
        shutil.rmtree(scratch.home, ignore_errors=True)
        try:
            yield scratch, lease
        finally:
            shutil.rmtree(scratch.home, ignore_errors=True)
