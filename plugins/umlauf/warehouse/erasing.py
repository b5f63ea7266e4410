"""Take erased records out of all that holds them, and end what a killed erasure has begun.

The order makes a kill harmless: the erasure has landed before anything goes, so nothing lands the
record again; batches go last, so as long as one is as it was before, all of it is done once more.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from umlauf.landing.commits import counting
from umlauf.landing.erasures import erased_hashes, read_erasures, unfinished
from umlauf.landing.janitor import sweep_partials
from umlauf.landing.lease import SPARK_LEASE, WAREHOUSE_LEASE, Lease, hold_lease
from umlauf.landing.live import forget_versions
from umlauf.landing.own_records import SOURCE as OWN
from umlauf.landing.rewrite import empty_set_aside, holders, rewrite
from umlauf.settings import Settings
from umlauf.storage.footers import forget_footers

log = logging.getLogger(__name__)


@contextmanager
def nobody_at_work(settings: Settings, source: str) -> Iterator[Lease]:
    """Keep builds of either engine, landings of `source` and commits of any kind out.

    Yields the warehouse's lease.

    Raises:
        LeaseBusy: one of them is still at work after the wait.
    """
    wait = settings.lease_wait_seconds
    with ExitStack() as held:
        lease = held.enter_context(hold_lease(settings.leases, WAREHOUSE_LEASE, wait))
        held.enter_context(hold_lease(settings.leases, SPARK_LEASE, wait))
        held.enter_context(hold_lease(settings.leases, f"land_{source}", wait))
        held.enter_context(counting(settings.leases, wait))
        for name in (source, OWN):  # a killed erasure's copy of a batch may hold the next one's
            sweep_partials(settings.landing_root / name)
        yield lease


def finish_erasures(settings: Settings) -> int:
    """End erasures that were cut off, or that a restored backup undid; return how many records.

    The caller holds no lease.

    Raises:
        LeaseBusy: a landing of the source, or a build, is at work.
    """
    root, count = settings.landing_root, 0
    left = list(unfinished(root, read_erasures(root)))
    for source, stream in sorted({(one.source, one.stream) for one in left}):
        log.warning("%s.%s: ending an erasure that was cut off or undone", source, stream)
        with nobody_at_work(settings, source) as lease:
            take_out(settings, source, stream, lease)
        count += sum((one.source, one.stream) == (source, stream) for one in left)
    return count


def take_out(settings: Settings, source: str, stream: str, lease: Lease) -> None:
    """Remove all erased records of the stream from warehouse and landing, landed batches last.

    What was built from them goes as a whole: nights build it anew. The caller is alone at work.
    """
    root = settings.landing_root
    drop_warehouse(settings)
    empty_set_aside(root, source, stream)
    hashes = erased_hashes(root, source, stream)
    for one in holders(root, source, stream, hashes):
        rewrite(root, one.file, hashes, lease)


def drop_warehouse(settings: Settings) -> None:
    """Remove all that was built or kept of landing, what no build stands behind included."""
    forget_footers(settings.cache)  # a window's cursor may be the record's key
    forget_versions(settings.cache)
    shutil.rmtree(settings.spark_home, ignore_errors=True)
    if settings.warehouse.exists():
        for left in sorted(settings.warehouse.iterdir()):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
