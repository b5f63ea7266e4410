"""Which sources the company has switched on."""

from __future__ import annotations

from umlauf.settings import Settings
from umlauf.sources.registry import all_sources
from umlauf.spec import Source


def enabled_sources(settings: Settings) -> list[Source]:
    """Return the enabled sources, ordered by name; imports no Airflow, opens nothing."""
    return [source for source in all_sources() if settings.source(source.name).enabled]
