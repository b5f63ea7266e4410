"""Which marts are built from which streams and models, read from dbt's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from umlauf.settings import Settings
from umlauf.warehouse.dbt import read_manifest

SOURCE, MODEL = "source.", "model."


def read_lineage(settings: Settings) -> list[tuple[str, str]]:
    """Return pairs of a stream (`hubspot.deals`) or model and a mart built from it, in order."""
    nodes: Mapping[str, Any] = read_manifest(settings)["nodes"]

    @cache
    def built_from(name: str) -> frozenset[str]:
        above = nodes[name]["depends_on"].get("nodes", ()) if name in nodes else ()
        return frozenset({name}).union(*map(built_from, above))

    return sorted(
        (_subject(above), f"{node['schema']}.{node['name']}")
        for name, node in nodes.items()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
        for above in built_from(name)
        if above.startswith((SOURCE, MODEL))
    )


def _subject(name: str) -> str:
    """Return `hubspot.deals` of source.umlauf.hubspot.deals, `deals` of model.umlauf.deals."""
    return name.split(".", 2)[2]
