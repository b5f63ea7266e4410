"""Every error Umlauf raises on purpose, sorted by what the reader must do.

UmlaufError
├── ConfigError            wrong or missing setting: fix it, retrying is useless
│   └── NothingLanded      a build before the first landing
├── SourceError            an upstream system misbehaved
│   ├── SourceUnavailable  429, 5xx, timeout: worth a retry later
│   ├── SourceDenied       403: the key lacks a scope
│   │   └── KeyRefused     401: the key itself is wrong, whatever is asked for
│   └── SourceChanged      a field or page shape we rely on is gone
├── DataRejected           one file or record is unusable: it goes to quarantine
├── CheckFailed            data arrived, but broke a critical check: nothing is published
└── LeaseError             another run owns the warehouse or the stream
    ├── LeaseBusy          it is still at work: wait, then try again
    └── LeaseLost          our turn is over: this run's commit is refused

Messages read: source or stream: what was expected, what came, what to do.
"""

from __future__ import annotations


def visible(text: str) -> str:
    """Return outside text with control characters as escapes: it writes no lines of its own."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


class UmlaufError(Exception):
    """Root of the tree above."""


class ConfigError(UmlaufError):
    """A setting is missing or wrong."""


class NothingLanded(ConfigError):
    """There is nothing to build from yet."""


class SourceError(UmlaufError):
    """An upstream system misbehaved; the message is one line, whatever it quotes."""

    def __str__(self) -> str:
        return visible(super().__str__())


class SourceUnavailable(SourceError):
    """The upstream is down, slow or rate-limiting us."""


class SourceDenied(SourceError):
    """The upstream refused our key, or the key lacks a scope."""


class KeyRefused(SourceDenied):
    """The upstream refused our key for anything."""


class SourceChanged(SourceError):
    """The upstream answered in a shape we do not know."""


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
