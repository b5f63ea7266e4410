"""What comes back from Superset ends in the repository's files, and only what somebody changed."""

import copy
import io
import shutil
from zipfile import ZipFile

import pytest
import yaml

from umlauf.dashboards.assets import DASHBOARDS, read_dashboards
from umlauf.dashboards.exported import keep_export
from umlauf.dashboards.normal import KINDS

PIPELINE = "dashboards/pipeline.yaml"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(DASHBOARDS, tmp_path / "dashboards")
    return tmp_path / "dashboards"


@pytest.fixture
def assets():
    return {
        str(file.relative_to(DASHBOARDS)): yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
        for kind in KINDS
        for file in (DASHBOARDS / kind).rglob("*.yaml")
    }


def as_superset_writes(assets):
    """Return an archive with other names, ids, orders and defaults than the repository has."""
    archive, number = io.BytesIO(), 100
    with ZipFile(archive, "w") as bundle:
        bundle.writestr("assets_export_x/metadata.yaml", "version: 1.0.0\ntimestamp: now\n")
        for name, asset in sorted(assets.items(), reverse=True):
            number += 1
            kind, asset = name.split("/")[0], copy.deepcopy(asset)
            if kind == "charts":
                asset["params"] |= {"datasource": f"{number}__table", "slice_id": number}
                asset |= {"cache_timeout": None, "query_context": None}
            if kind == "databases":
                asset["sqlalchemy_uri"] = "postgresql://bi_reader:XXXXXXXXXX@127.0.0.1:5000/marts"
                asset["allow_run_async"] = False
            if kind == "datasets":
                asset["columns"] = [one | {"is_active": True} for one in asset["columns"]][::-1]
                asset["metrics"] = asset["metrics"][::-1]
            if kind == "dashboards":
                for part in asset["position"].values():
                    if isinstance(part, dict) and part["type"] == "CHART":
                        part["meta"]["chartId"] += 7 * number
                asset["metadata"] |= {"chart_configuration": {"1": {}}, "map_label_colors": {}}
                asset["position"] = dict(reversed(asset["position"].items()))
            bundle.writestr(
                f"assets_export_x/{kind}/Some_name_{number}.yaml",
                yaml.safe_dump(asset, sort_keys=number % 2 == 0),
            )
    return archive.getvalue()


def test_an_export_of_the_same_changes_no_file(folder, assets):
    assert keep_export(as_superset_writes(assets), folder) == []


def test_a_change_changes_its_file_alone(folder, assets):
    assets["charts/pipeline/open_pipeline.yaml"]["params"]["compare_lag"] = 7

    assert keep_export(as_superset_writes(assets), folder) == ["charts/pipeline/open_pipeline.yaml"]
    assert "compare_lag: 7\n" in (folder / "charts/pipeline/open_pipeline.yaml").read_text()


def test_a_new_chart_gets_a_file_named_by_its_title(folder, assets):
    chart = copy.deepcopy(assets["charts/pipeline/open_pipeline.yaml"])
    chart |= {"uuid": "11111111-0000-0000-0000-000000000000", "slice_name": "Lost, by reason"}
    assets["charts/pipeline/new.yaml"] = chart
    parts = assets[PIPELINE]["position"]
    place = copy.deepcopy(parts["CHART-open_pipeline"])
    place["meta"] |= {"uuid": chart["uuid"], "chartId": 99}
    parts["CHART-new"] = place | {"id": "CHART-new"}
    parts["ROW-5"]["children"].append("CHART-new")

    changed = keep_export(as_superset_writes(assets), folder)

    assert changed == ["charts/pipeline/lost_by_reason.yaml", PIPELINE]
    assert len(read_dashboards(folder)[2].charts) == len(read_dashboards()[2].charts) + 1


def test_what_stands_on_no_dashboard_is_not_kept(folder, assets):
    stray = assets["charts/trust/ledger.yaml"] | {"uuid": "22222222-0000-0000-0000-000000000000"}

    assert keep_export(as_superset_writes(assets | {"charts/x.yaml": stray}), folder) == []


def test_the_file_of_a_chart_that_was_taken_off_goes(folder, assets):
    parts = assets[PIPELINE]["position"]
    del parts["CHART-largest_open_deals"]
    parts["ROW-5"]["children"].remove("CHART-largest_open_deals")

    changed = keep_export(as_superset_writes(assets), folder)

    assert changed == ["charts/pipeline/largest_open_deals.yaml", PIPELINE]
    assert not (folder / "charts/pipeline/largest_open_deals.yaml").exists()


def test_another_company_s_currency_is_not_kept(folder, assets):
    archive = as_superset_writes(
        yaml.safe_load(yaml.safe_dump(assets).replace("symbol: EUR", "symbol: CHF"))
    )

    assert keep_export(archive, folder) == []
