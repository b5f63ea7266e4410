"""Read the dashboards of a folder as people mean them: a page of charts, each on a dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from umlauf.errors import ConfigError
from umlauf.settings import PROJECT

Part = TypeVar("Part")
DASHBOARDS = PROJECT / "dashboards"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A mart, or a query over marts; `metrics` are SQL by name."""

    name: str
    schema: str
    sql: str
    columns: frozenset[str]
    metrics: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A question to a dataset, in Superset's words."""

    file: str
    title: str
    kind: str
    params: Mapping[str, Any]
    dataset: Dataset


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """A page; `filters` are its filters' names with the column and dataset each offers."""

    title: str
    slug: str
    owner: str
    charts: tuple[Chart, ...]
    filters: tuple[tuple[str, str, Dataset], ...]

    def datasets(self) -> list[Dataset]:
        """Return what its charts and filters read, by name."""
        read = {chart.dataset.name: chart.dataset for chart in self.charts}
        read |= {dataset.name: dataset for _, _, dataset in self.filters}
        return [read[name] for name in sorted(read)]


def read_dashboards(folder: Path = DASHBOARDS) -> list[Dashboard]:
    """Return the dashboards of a folder, by the names of their files.

    Raises:
        ConfigError: a file is not YAML, or names a chart or dataset that is in no file.
    """
    found = {kind: _read(folder, kind) for kind in ("datasets", "charts", "dashboards")}
    datasets = {asset["uuid"]: _dataset(asset) for asset in found["datasets"].values()}
    charts = {
        asset["uuid"]: _chart(file, asset, datasets) for file, asset in found["charts"].items()
    }
    return [
        Dashboard(
            title=asset["dashboard_title"],
            slug=asset["slug"],
            owner=asset["certified_by"],
            charts=tuple(
                _known(charts, uuid, file) for uuid in _charts_on(asset["position"])
            ),
            filters=tuple(_filters(file, asset["metadata"], datasets)),
        )
        for file, asset in found["dashboards"].items()
    ]  # fmt: skip


def _read(folder: Path, kind: str) -> dict[str, dict[str, Any]]:
    found = {}
    for file in sorted((folder / kind).rglob("*.yaml")):
        name = str(file.relative_to(folder))
        try:
            found[name] = yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise ConfigError(f"dashboards: {name} is not YAML: {error}") from error
    return found


def _dataset(asset: Mapping[str, Any]) -> Dataset:
    return Dataset(
        name=asset["table_name"],
        schema=asset["schema"],
        sql=asset.get("sql") or "",
        columns=frozenset(column["column_name"] for column in asset["columns"]),
        metrics={metric["metric_name"]: metric["expression"] for metric in asset["metrics"]},
    )


def _chart(file: str, asset: Mapping[str, Any], datasets: Mapping[str, Dataset]) -> Chart:
    return Chart(
        file=file,
        title=asset["slice_name"],
        kind=asset["viz_type"],
        params=asset["params"],
        dataset=_known(datasets, asset["dataset_uuid"], file),
    )


def _charts_on(position: Mapping[str, Any]) -> list[str]:
    return [
        part["meta"]["uuid"]
        for part in position.values()
        if isinstance(part, dict) and part["type"] == "CHART"
    ]


def _filters(
    file: str, metadata: Mapping[str, Any], datasets: Mapping[str, Dataset]
) -> Iterator[tuple[str, str, Dataset]]:
    for one in metadata.get("native_filter_configuration", ()):
        for target in one["targets"]:
            if "column" in target:
                dataset = _known(datasets, target["datasetUuid"], file)
                yield one["name"], target["column"]["name"], dataset


def _known(parts: Mapping[str, Part], uuid: str, file: str) -> Part:
    if uuid not in parts:
        raise ConfigError(f"dashboards: {file} needs {uuid}, which no file declares")
    return parts[uuid]
