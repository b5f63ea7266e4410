"""What failed, and that it is over again: landed like our other records, so it outlives the run.

An incident is keyed by what failed: `land hubspot`, `marts`, `copies`, `morning page`, `share
<partner>`, `file <landed file>` or `alert by mail`. Failing again adds a record, succeeding a
tombstone; what has none behind it is wrong now.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from umlauf.errors import LandingUnavailable, LeaseLost
from umlauf.landing.open_records import land_open, read_open
from umlauf.landing.own_records import OwnStream
from umlauf.landing.run import Clock
from umlauf.settings import Settings

log = logging.getLogger(__name__)

MARTS, COPIES, PAGE = "marts", "copies", "morning page"
FILE = "file "  # incidents of files are called so, with the file's path in landing behind it
ALERT = "alert by "  # and those of alerts, with the way they should have gone
_STREAM: OwnStream = "incidents"


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
    except (OSError, LandingUnavailable) as full:
        log.error("%s: %s: %s; it could not be noted: %s", subject, kind, message, full)


def note_all(settings: Settings, failed: Mapping[str, tuple[str, str]], at: datetime) -> None:
    """Land failures, each a kind and a message, by subject."""
    payloads = {
        subject: {"kind": kind, "message": text} for subject, (kind, text) in failed.items()
    }
    land_open(settings, _STREAM, payloads, [], at)


def settle(settings: Settings, subjects: Iterable[str], at: datetime) -> None:
    """Land that these are over; those that are not open need no word."""
    over = {one.subject for one in open_incidents(settings)}.intersection(subjects)
    land_open(settings, _STREAM, {}, sorted(over), at)


def open_incidents(settings: Settings) -> list[Incident]:
    """Return what is wrong now, the oldest first."""
    return [
        Incident(subject=one.key, since=one.since, **one.payload)
        for one in read_open(settings, _STREAM)
    ]
