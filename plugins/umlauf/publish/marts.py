"""What a build has to publish, read from dbt's manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from umlauf.settings import Settings
from umlauf.warehouse.dbt import read_manifest

# Generic tests that name a key, the strongest first, and how: a view of spans has one row a day.
_KEY_TESTS: dict[str, Callable[[Any, Any], tuple[str, ...]]] = {
    "key": lambda node, _: (node["column_name"],),
    "unique_combination": lambda _, arguments: tuple(arguments["columns"]),
    "unique": lambda node, _: (node["column_name"],),
    "spans_do_not_overlap": lambda _, arguments: ("day", *arguments["columns"]),
}


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
    key: tuple[str, ...] = ()  # columns that tell its rows apart, as its tests say

    @property
    def relation(self) -> str:
        """Name as readers write it."""
        return f"{self.schema}.{self.name}"


def marts_of(settings: Settings) -> Iterator[Mart]:
    """Yield the marts of the last build and what their views read, tables before views."""
    nodes = read_manifest(settings)["nodes"]
    published = {name for name, node in nodes.items() if _is_mart(node)}
    keys = _keys(nodes)
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
            key=keys.get(name, ()),
        )
        for name, node in nodes.items()
        if name in published | read
    ]
    yield from sorted(marts, key=lambda mart: (bool(mart.view_sql), mart.relation))


def keys_of(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return the key of each relation that a test gives one, as the last build's models say."""
    nodes = read_manifest(settings)["nodes"]
    return {
        f"{nodes[name]['schema']}.{nodes[name]['name']}": key
        for name, key in _keys(nodes).items()
        if name in nodes
    }


def _relations_read(nodes: Mapping[str, Any], node: Mapping[str, Any]) -> tuple[str, ...]:
    read = (nodes[name] for name in node["depends_on"]["nodes"] if name in nodes)
    return tuple(sorted(f"{one['schema']}.{one['name']}" for one in read))


def _keys(nodes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return each model's key from the strongest of its tests that names one."""
    keys: dict[str, tuple[str, ...]] = {}
    for test, columns_of in reversed(_KEY_TESTS.items()):
        for node in nodes.values():
            about = node.get("test_metadata") or {}
            if about.get("name") == test:
                keys[node["attached_node"]] = columns_of(node, about["kwargs"])
    return keys


def _is_mart(node: dict[str, Any]) -> bool:
    return bool(node["resource_type"] == "model" and node["fqn"][1] == "marts")


def _is_view(node: dict[str, Any]) -> bool:
    return bool(node["config"]["materialized"] == "view")
