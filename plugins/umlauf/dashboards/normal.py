"""Superset's assets in the one form in which the repository keeps them.

An export differs from the next without anybody having changed a thing: ids of a database's rows,
the order of keys, masked passwords, what the page kept for itself. All of that is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

Asset = dict[str, Any]

# What an asset says, in the order in which people read it. Whatever else an export has is
# Superset's default, or is not to be kept.
_KEYS = {
    "databases": ("database_name", "sqlalchemy_uri", "extra", "uuid", "version"),
    "datasets": (
        *("table_name", "schema", "description", "main_dttm_col", "sql"),
        *("metrics", "columns", "uuid", "database_uuid", "version"),
    ),
    "charts": (
        *("slice_name", "description", "certified_by", "certification_details"),
        *("viz_type", "params", "uuid", "dataset_uuid", "version"),
    ),
    "dashboards": (
        *("dashboard_title", "description", "slug", "certified_by", "certification_details"),
        *("published", "css", "metadata", "position", "uuid", "version"),
    ),
}
KINDS = tuple(_KEYS)
_METRIC = (
    *("metric_name", "verbose_name", "description", "expression", "d3format"),
    *("currency", "extra"),
)
_COLUMN = ("column_name", "verbose_name", "type", "is_dttm", "expression")
_EXTRA = ("allows_virtual_table_explore",)
_METADATA = (
    *("color_scheme", "label_colors", "cross_filters_enabled", "filter_bar_orientation"),
    "native_filter_configuration",
)
_PART = ("type", "id", "children", "meta", "parents")
_OF_A_PLACE = ("sliceName", "sliceNameOverride", "uuid", "width", "height")
_OF_ITS_ROW = {"datasource", "slice_id", "dashboards", "extra_form_data", "annotation_layers"}
# A start puts in what this company has.
CURRENCY = {"symbol": "EUR", "symbolPosition": "suffix"}
_ADDRESS = "postgresql+psycopg2://bi_reader:XXXXXXXXXX@127.0.0.1:8784/marts"


def normal(kind: str, asset: Mapping[str, Any]) -> Asset:
    """Return an asset without what differs between two exports of it; `kind` is its folder."""
    kept = _only(asset, _KEYS[kind])
    if kind == "databases":
        kept |= {"sqlalchemy_uri": _ADDRESS, "extra": _only(asset["extra"], _EXTRA)}
    if kind == "datasets":
        columns = sorted(asset["columns"], key=lambda column: str(column["column_name"]))
        metrics = sorted(asset["metrics"], key=lambda metric: str(metric["metric_name"]))
        kept["columns"] = [
            _only(column | {"is_dttm": column.get("is_dttm") or None}, _COLUMN)
            for column in columns
        ]
        kept["metrics"] = [_only(_of_any_company(metric), _METRIC) for metric in metrics]
    if kind == "charts":
        params = _of_any_company(asset["params"]) | {"viz_type": asset["viz_type"]}
        kept["params"] = {
            name: _sorted(params[name])
            for name in sorted(params)
            if name not in _OF_ITS_ROW and not _is_nothing(params[name])
        }
    if kind == "dashboards":
        numbers = _numbers(asset["position"])
        kept["position"] = _position(asset["position"], numbers)
        kept["metadata"] = _metadata(asset["metadata"], numbers)
    return kept


def text(asset: Asset) -> str:
    """Return an asset as its file has it: what has no parts of its own stands on one line."""
    form: Any = {"sort_keys": False, "allow_unicode": True, "default_flow_style": None}
    return str(yaml.dump(asset, Dumper=_Dumper, width=110, **form))


def _of_any_company(asset: Mapping[str, Any]) -> Asset:
    money = {key: CURRENCY for key in ("currency", "currency_format") if asset.get(key)}
    return {**asset, **money}


def _only(asset: Mapping[str, Any], keys: tuple[str, ...]) -> Asset:
    """Return what an asset says of these, in this order; below them keys stand by their names."""
    return {key: _sorted(asset[key]) for key in keys if not _is_nothing(asset.get(key))}


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _numbers(position: Mapping[str, Any]) -> dict[int, int]:
    """Number the charts by their place on the page; Superset has its own numbers for them."""
    return {
        position[name]["meta"]["chartId"]: number
        for number, name in enumerate(
            (name for name in _in_order(position) if position[name]["type"] == "CHART"), start=1
        )
    }


def _in_order(position: Mapping[str, Any], name: str = "ROOT_ID") -> list[str]:
    found = [name]
    for child in position[name].get("children", ()):
        found += _in_order(position, child)
    return found


def _position(position: Mapping[str, Any], numbers: Mapping[int, int]) -> Asset:
    """Return the page's parts from top to bottom; where a part hangs is said by its parent."""
    found: Asset = {"DASHBOARD_VERSION_KEY": "v2"}
    if "HEADER_ID" in position:
        found["HEADER_ID"] = _only(position["HEADER_ID"], _PART)
    for name in _in_order(position):
        part = {"children": [], **_only(position[name], _PART)}
        if part["type"] == "CHART":
            number = numbers[part["meta"]["chartId"]]
            part["meta"] = {**_only(part["meta"], _OF_A_PLACE), "chartId": number}
        found[name] = part
    return found


def _metadata(metadata: Mapping[str, Any], numbers: Mapping[int, int]) -> Asset:
    kept = _only(metadata, _METADATA)
    for one in kept.get("native_filter_configuration", ()):
        scope = one.get("scope", {})
        scope["excluded"] = sorted(
            numbers[chart] for chart in scope.get("excluded", ()) if chart in numbers
        )
        for name in ("chartsInScope", "tabsInScope"):
            one.pop(name, None)
    return kept


class _Dumper(yaml.SafeDumper):
    """Writes long text as a block, and what occurs twice twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _string(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _string)
