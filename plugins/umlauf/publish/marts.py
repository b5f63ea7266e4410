"""What a build has to publish, read from dbt's manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from umlauf.settings import Settings
from umlauf.warehouse.dbt import read_manifest


@dataclass(frozen=True, kw_only=True)
class Mart:
    """One published relation; `view_sql` is empty for a table."""

    schema: str
    name: str
    description: str
    columns: Mapping[str, str]  # name to description
    view_sql: str
    is_lookup: bool  # no mart itself, but a published view reads it
    reads: tuple[str, ...] = ()  # relations that a view reads

    @property
    def relation(self) -> str:
        """Name as readers write it."""
        return f"{self.schema}.{self.name}"


def marts_of(settings: Settings) -> Iterator[Mart]:
    """Yield the marts of the last build and what their views read, tables before views."""
    nodes = read_manifest(settings)["nodes"]
    published = {name for name, node in nodes.items() if _is_mart(node)}
    read = {
        name
        for mart in published
        if _is_view(nodes[mart])
        for name in nodes[mart]["depends_on"]["nodes"]
        if name in nodes
    }
    marts = [
        Mart(
            schema=node["schema"],
            name=node["name"],
            description=node["description"],
            columns={name: column["description"] for name, column in node["columns"].items()},
            view_sql=node["compiled_code"] if name in published and _is_view(node) else "",
            is_lookup=name not in published,
            reads=_relations_read(nodes, node) if _is_view(node) else (),
        )
        for name, node in nodes.items()
        if name in published | read
    ]
    yield from sorted(marts, key=lambda mart: (bool(mart.view_sql), mart.relation))


def _relations_read(nodes: Mapping[str, Any], node: Mapping[str, Any]) -> tuple[str, ...]:
    read = (nodes[name] for name in node["depends_on"]["nodes"] if name in nodes)
    return tuple(sorted(f"{one['schema']}.{one['name']}" for one in read))


def _is_mart(node: dict[str, Any]) -> bool:
    return bool(node["resource_type"] == "model" and node["fqn"][1] == "marts")


def _is_view(node: dict[str, Any]) -> bool:
    return bool(node["config"]["materialized"] == "view")
