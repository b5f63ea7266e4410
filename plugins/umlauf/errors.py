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
├── DataRejected           one file or record is unusable: it goes to quarantine
├── CheckFailed            data arrived, but broke a critical check: nothing is published
└── LeaseError             another run owns the warehouse or the stream
    ├── LeaseBusy          it is still at work: wait, then try again
    └── LeaseLost          our turn is over: this run's commit is refused

Messages read: source or stream: what was expected, what came, what to do.
"""

from __future__ import annotations


class UmlaufError(Exception):
    """Root of the tree above."""


class ConfigError(UmlaufError):
    """A setting is missing or wrong."""


class NothingLanded(ConfigError):
    """There is nothing to build from yet."""


class SourceError(UmlaufError):
    """An upstream system misbehaved."""


class SourceUnavailable(SourceError):
    """The upstream is down, slow or rate-limiting us."""


class SourceDenied(SourceError):
    """The upstream refused our key, or the key lacks a scope."""


class KeyRefused(SourceDenied):
    """The upstream refused our key for anything."""


class SourceChanged(SourceError):
    """The upstream answered in a shape we do not know."""


class LandingDamaged(UmlaufError):
    """A landed file is not what was landed; `file` is where, `reason` what differs."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(
            f"landing: {file} is damaged: {reason}. Nothing is built from it; restore it from a "
            "backup, or run `umlauf verify --set-aside` and then `umlauf nightly`"
        )
        self.file = file
        self.reason = reason


class DataRejected(UmlaufError):
    """One file or record is unusable; `place` says where in it (a line, an element)."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{reason} (at {place})" if place else reason)
        self.reason = reason
        self.place = place


class CheckFailed(UmlaufError):
    """A critical check did not hold."""


class LeaseError(UmlaufError):
    """Another run owns what this one needs."""


class LeaseBusy(LeaseError):
    """The owner is still at work."""


class LeaseLost(LeaseError):
    """A newer owner took over."""
