"""dbt's docs of the models, as `dbt docs generate --static` writes them, without running dbt.

That takes a quarter of a minute and the warehouse; what it puts into dbt's own page stands here
already: the manifest of the last build, and the types of the published tables.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from umlauf.settings import Settings
from umlauf.warehouse.dbt import read_manifest

_COLUMNS = """
    select schema_name || '.' || table_name, column_index, column_name, data_type
    from duckdb_columns()
    order by all
"""
# As dbt's page has them, for its own command to fill in.
_MANIFEST, _CATALOG = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'


def model_docs(settings: Settings) -> str:
    """Return the page: models, columns, tests, SQL, lineage.

    Raises:
        LookupError: dbt's page has no places for them any more.
    """
    page = _template().read_text(encoding="utf-8")
    manifest = read_manifest(settings)
    for place, data in ((_MANIFEST, manifest), (_CATALOG, _catalog(settings, manifest))):
        if place not in page:
            raise LookupError(f"dbt's docs page: expected {place}, came none; dbt has changed it")
        page = page.replace(place, _in_a_script(data))
    return page


def _template() -> Path:
    package = find_spec("dbt")
    if package is None or not package.submodule_search_locations:
        raise LookupError("dbt's docs page: dbt is not installed")
    folders = (Path(folder) for folder in package.submodule_search_locations)
    return next(
        file for folder in folders if (file := folder / "task" / "docs" / "index.html").is_file()
    )


def _catalog(settings: Settings, manifest: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, dict[str, Any]] = {}
    with duckdb.connect(settings.marts_file, read_only=True) as marts:
        for relation, index, name, kind in marts.execute(_COLUMNS).fetchall():
            column = {"type": kind, "index": index, "name": name, "comment": None}
            columns.setdefault(relation, {})[name] = column
    nodes = {
        key: {
            "metadata": {
                "type": node["config"]["materialized"],
                "schema": node["schema"],
                "name": node["name"],
                "database": "marts",
                "comment": None,
                "owner": None,
            },
            "columns": columns[relation],
            "stats": {},
            "unique_id": key,
        }
        for key, node in manifest["nodes"].items()
        if (relation := f"{node['schema']}.{node['name']}") in columns
    }
    return {"metadata": {}, "nodes": nodes, "sources": {}, "errors": None}


def _in_a_script(value: Any) -> str:
    """Return JSON that cannot end the script element it stands in, whatever a comment says."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
