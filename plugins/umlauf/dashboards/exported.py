"""From Superset's export to the files of the repository, and nothing but what was meant."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import yaml

from umlauf.dashboards.normal import KINDS, Asset, normal, text


def keep_export(archive: bytes, folder: Path) -> list[str]:
    """Make the folder say what an export says; return the files that changed, came or went.

    Only what stands on a dashboard is kept. A file is known by the uuid in it and keeps its name;
    what is new is named after its title.
    """
    known = _files_by_uuid(folder)
    found = on_dashboards(read_export(archive))
    titles = {asset["uuid"]: _slug(asset["dashboard_title"]) for asset in found["dashboards"]}
    wanted: dict[str, str] = {}
    for kind in KINDS:
        for asset in found[kind]:
            place = known.get(asset["uuid"]) or _new_place(kind, asset, found, titles)
            wanted[place] = text(asset)
    changed = [name for name in known.values() if name not in wanted]
    for name in changed:
        (folder / name).unlink()
    for name, content in wanted.items():
        file = folder / name
        if not file.exists() or file.read_text() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
            changed.append(name)
    return sorted(changed)


def read_export(archive: bytes) -> dict[str, list[Asset]]:
    """Return what an export has of each kind, in the repository's form."""
    found: dict[str, list[Asset]] = {kind: [] for kind in KINDS}
    with ZipFile(io.BytesIO(archive)) as bundle:
        for name in sorted(bundle.namelist()):
            kind = name.split("/")[1] if name.count("/") > 1 else ""
            if kind in found:
                asset = yaml.load(bundle.read(name), Loader=yaml.CSafeLoader)
                found[kind].append(normal(kind, asset))
    return found


def on_dashboards(found: Mapping[str, list[Asset]]) -> dict[str, list[Asset]]:
    """Leave out what no dashboard shows: what somebody tried out, and Superset's own."""
    charts = {uuid for asset in found["dashboards"] for uuid in _charts_of(asset)}
    kept = {"dashboards": list(found["dashboards"])}
    kept["charts"] = [asset for asset in found["charts"] if asset["uuid"] in charts]
    datasets = {asset["dataset_uuid"] for asset in kept["charts"]}
    kept["datasets"] = [asset for asset in found["datasets"] if asset["uuid"] in datasets]
    databases = {asset["database_uuid"] for asset in kept["datasets"]}
    kept["databases"] = [asset for asset in found["databases"] if asset["uuid"] in databases]
    return kept


def _charts_of(dashboard: Asset) -> set[str]:
    parts = [part for part in dashboard["position"].values() if isinstance(part, dict)]
    return {part["meta"]["uuid"] for part in parts if part["type"] == "CHART"}


def _files_by_uuid(folder: Path) -> dict[str, str]:
    return {
        yaml.load(file.read_text(), Loader=yaml.CSafeLoader)["uuid"]: str(file.relative_to(folder))
        for kind in KINDS
        for file in sorted((folder / kind).rglob("*.yaml"))
    }


def _new_place(
    kind: str, asset: Asset, found: Mapping[str, list[Asset]], titles: Mapping[str, Any]
) -> str:
    if kind == "charts":
        page = next(one for one in found["dashboards"] if asset["uuid"] in _charts_of(one))
        return f"charts/{titles[page['uuid']]}/{_slug(asset['slice_name'])}.yaml"
    if kind == "datasets":
        return f"datasets/{asset['schema']}/{_slug(asset['table_name'])}.yaml"
    name = asset["dashboard_title"] if kind == "dashboards" else asset["database_name"]
    return f"{kind}/{_slug(name)}.yaml"


def _slug(title: str) -> str:
    return re.sub(r"\W+", "_", title.lower()).strip("_")
