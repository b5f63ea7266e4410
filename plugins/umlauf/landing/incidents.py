"""What failed, and that it is over again: landed like our other records, so it outlives the run.

An incident is keyed by what failed: `land hubspot`, `marts`, `copies`, `morning page`, `share
<partner>`, or `file <landed file>`. Failing again adds a record, succeeding a tombstone; what has
none behind it is wrong now.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from umlauf.errors import LeaseLost
from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table
from umlauf.landing.commits import committing, growing_clock
from umlauf.landing.intact import naming_damage
from umlauf.landing.own_records import SOURCE, OwnStream, own_files
from umlauf.landing.run import Clock
from umlauf.settings import Settings

log = logging.getLogger(__name__)

MARTS, COPIES, PAGE = "marts", "copies", "morning page"
_STREAM: OwnStream = "incidents"
_OPEN = """
    select record_key, arg_max(payload, fetched_at), min(fetched_at)
    from (
        select *, max(fetched_at) filter (is_deleted) over (partition by record_key) as over_at
        from read_parquet($files)
    )
    where over_at is null or fetched_at > over_at
    group by record_key
    order by min(fetched_at), record_key
"""


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Something that is wrong now; `kind` names an error, `since` (aware UTC) its first failure."""

    subject: str
    kind: str
    message: str
    since: datetime


def landing_of(source: str) -> str:
    """Return the subject of a source's landing."""
    return f"land {source}"


def share_of(partner: str) -> str:
    """Return the subject of what a partner receives."""
    return f"share {partner}"


@contextmanager
def noting(settings: Settings, subject: str, clock: Clock) -> Iterator[None]:
    """Note the failure of what is done inside, or that an earlier one is over."""
    try:
        yield
    except LeaseLost:
        raise  # a newer run does the work and tells what comes of it
    except Exception as error:
        note(settings, subject, error, clock())
        raise
    settle(settings, [subject], clock())


def note(settings: Settings, subject: str, error: object, at: datetime) -> None:
    """Land a failure; one that cannot be landed, as on a full disk, is in the log alone."""
    kind = type(error).__name__ if isinstance(error, BaseException) else "failure"
    message = " ".join(str(error).split())
    try:
        note_all(settings, {subject: (kind, message)}, at)
    except OSError as full:
        log.error("%s: %s: %s; it could not be noted: %s", subject, kind, message, full)


def note_all(settings: Settings, failed: Mapping[str, tuple[str, str]], at: datetime) -> None:
    """Land failures, each a kind and a message, by subject."""
    payloads = [json.dumps({"kind": kind, "message": text}) for kind, text in failed.values()]
    _commit(settings, list(failed), payloads, at)


def settle(settings: Settings, subjects: Iterable[str], at: datetime) -> None:
    """Land that these are over; those that are not open need no word."""
    over = {one.subject for one in open_incidents(settings)}.intersection(subjects)
    _commit(settings, sorted(over), None, at)


def open_incidents(settings: Settings) -> list[Incident]:
    """Return what is wrong now, the oldest first."""
    root = settings.landing_root
    if not (files := own_files(root, _STREAM)):
        return []
    with naming_damage(root, files), duckdb.connect() as connection:
        found = connection.execute(_OPEN, {"files": files}).fetchall()
    return [
        Incident(subject=subject, **json.loads(payload), since=since.replace(tzinfo=UTC))
        for subject, payload, since in found
    ]


def _commit(
    settings: Settings, subjects: list[str], payloads: list[str] | None, at: datetime
) -> None:
    if not subjects:
        return
    with committing(settings.leases, settings.lease_wait_seconds):
        # Behind everything landed: which record is the newest must not depend on the host's clock.
        noted_at = growing_clock(lambda: at, settings.landing_root)()
        about = BatchAbout(
            source=SOURCE,
            stream=_STREAM,
            day=noted_at.date(),
            fetched_at=noted_at,
            is_complete=True,
            rows_fetched=len(subjects),
        )
        rows = record_table(subjects, [noted_at] * len(subjects), payloads, noted_at)
        commit_batch(settings.landing_root, about, rows)
