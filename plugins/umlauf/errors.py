"""Every error Umlauf raises on purpose, sorted by what the reader must do.

UmlaufError
├── ConfigError            wrong or missing setting: fix it, retrying is useless
│   └── NothingLanded      a build before the first landing
├── SourceError            an upstream system misbehaved
│   ├── SourceUnavailable  429, 5xx, timeout: worth a retry later
│   ├── SourceDenied       403: the key lacks a scope
│   │   └── KeyRefused     401: the key itself is wrong, whatever is asked for
│   └── SourceChanged      a field or page shape we rely on is gone
├── LandingDamaged         a landed file is no longer what was landed: restore it or set it aside
├── LandingUnavailable     the bucket of landing does not answer: worth a retry later
├── DataRejected           one file or record is unusable: it goes to quarantine
├── AlertFailed            nobody could be told: the next run tells it
├── CheckFailed            data arrived, but broke a critical check: nothing is published
├── ShareHeld              a partner's share is empty or too large: it waits for a person
├── DeliveryFailed         a partner's share did not reach its place: worth a retry
└── LeaseError             another run owns the warehouse or the stream
    ├── LeaseBusy          it is still at work: wait, then try again
    └── LeaseLost          our turn is over: this run's commit is refused

Messages read: source or stream: what was expected, what came, what to do. `to_do` says it for the
whole class; docs/runbook.md has an entry for each.
"""

from __future__ import annotations

from typing import ClassVar


def visible(text: str) -> str:
    """Return outside text with control characters as escapes: it writes no lines of its own."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


class UmlaufError(Exception):
    """Root of the tree above."""

    to_do: ClassVar[str] = "read the log; running again is always safe"


class ConfigError(UmlaufError):
    """A setting is missing or wrong."""

    to_do = "correct the setting or connection it names, then run again"


class NothingLanded(ConfigError):
    """There is nothing to build from yet."""

    to_do = "land a source first: `umlauf nightly`"


class SourceError(UmlaufError):
    """An upstream system misbehaved; the message is one line, whatever it quotes."""

    def __str__(self) -> str:
        return visible(super().__str__())


class SourceUnavailable(SourceError):
    """The upstream is down, slow or rate-limiting us."""

    to_do = "see whether the source is up; the next run reads on where this one ended"


class SourceDenied(SourceError):
    """The upstream refused our key, or the key lacks a scope."""

    to_do = "renew the key or its scopes in the connection, then run again"


class KeyRefused(SourceDenied):
    """The upstream refused our key for anything."""


class SourceChanged(SourceError):
    """The upstream answered in a shape we do not know."""

    to_do = "compare the answer with sources/<name>/__init__.py, mend it, then run again"


class LandingDamaged(UmlaufError):
    """A landed file is not what was landed; `file` is where, `reason` what differs."""

    to_do = "restore it from a backup, or `umlauf verify --set-aside`; then `umlauf nightly`"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(
            f"landing: {file} is damaged: {reason}. Nothing is built from it; restore it from a "
            "backup, or run `umlauf verify --set-aside` and then `umlauf nightly`"
        )
        self.file = file
        self.reason = reason


class LandingUnavailable(UmlaufError):
    """The bucket that landing lies in is down, slow or out of reach."""

    to_do = "see whether the server of the bucket is up; what has landed stays landed; run again"


class DataRejected(UmlaufError):
    """One file or record is unusable; `place` says where in it (a line, an element)."""

    to_do = "look at the place it names in the file; have the sender send it again"

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{reason} (at {place})" if place else reason)
        self.reason = reason
        self.place = place


class CheckFailed(UmlaufError):
    """A critical check did not hold."""

    to_do = "look at the rows it names and mend the source; readers keep the last good snapshot"


class ShareHeld(UmlaufError):
    """A partner's share is not what is usual; nothing of it was delivered."""

    to_do = "look at its files; `umlauf share approve PARTNER`, or mend its declaration"


class DeliveryFailed(UmlaufError):
    """A partner's share did not get to its place, or not all of it."""

    to_do = "see whether the place is up and lets us write; `umlauf share deliver` goes on"


class AlertFailed(UmlaufError):
    """An alert did not reach the mail server or webhook."""

    to_do = "see that the mail server or webhook is up, then `umlauf alert`; the next run tells too"


def storage_failed(error: OSError) -> str:
    """Return what an error of the operating system means for whoever runs us."""
    where = error.filename or "storage"
    return (
        f"{where}: {error.strerror or error}; mend the disk or mount, then run again: what has "
        "landed stays landed, and the last good snapshot published"
    )


class LeaseError(UmlaufError):
    """Another run owns what this one needs."""


class LeaseBusy(LeaseError):
    """The owner is still at work."""

    to_do = "let the process it names finish, or end it; then run again"


class LeaseLost(LeaseError):
    """A newer owner took over."""

    to_do = "nothing: the newer run does the work"
