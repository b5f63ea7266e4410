"""Copies of the published snapshot, for tools that read no DuckDB: Parquet files, PostgreSQL.

A copy shows the build that the snapshot's readers see, a moment later, whichever way that build
came to be shown. What a copy lacks is an incident of its own: nothing waits for it, and the next
night makes it good.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from umlauf.errors import SourceUnavailable, UmlaufError, storage_failed
from umlauf.landing.incidents import COPIES, noting
from umlauf.landing.lease import Lease, hold_lease
from umlauf.landing.run import Clock, utc_now
from umlauf.publish.original import Copied
from umlauf.publish.parquet import publish_parquet
from umlauf.publish.postgres.publish import publish_postgres
from umlauf.settings import Settings
from umlauf.spec import Connection
from umlauf.transport.auth import load_connection

log = logging.getLogger(__name__)


def write_copies(
    settings: Settings,
    *,
    connect: Callable[[str], Connection] = load_connection,
    clock: Clock = utc_now,
) -> dict[str, Copied]:
    """Let every copy that is set show what the snapshot's readers see; return what that took.

    Raises:
        UmlaufError: a copy could not be written, of the kind the first one failed with; the
            others have been. Its readers keep what they had.
    """
    if not settings.has_copies:
        return {}
    done: dict[str, Copied] = {}
    failed: list[UmlaufError] = []
    with (
        noting(settings, COPIES, clock),
        hold_lease(settings.leases, COPIES, settings.lease_wait_seconds) as lease,
    ):
        for name, write in _writers(settings, connect, lease):
            try:
                done[name] = write()
            except UmlaufError as error:
                failed.append(error)
            except OSError as error:
                failed.append(SourceUnavailable(f"{name}: {storage_failed(error)}"))
            else:
                log.info("%s: readers see %s", name, done[name])
        for other in failed[1:]:
            log.error("%s", other)
        if failed:
            raise failed[0]
    return done


def _writers(
    settings: Settings, connect: Callable[[str], Connection], lease: Lease
) -> Iterator[tuple[str, Callable[[], Copied]]]:
    folder, database = settings.parquet_copy, settings.postgres_connection
    if folder:
        yield "Parquet", lambda: publish_parquet(settings, folder, lease)
    if database:
        yield "PostgreSQL", lambda: publish_postgres(settings, connect(settings.named(database)))
