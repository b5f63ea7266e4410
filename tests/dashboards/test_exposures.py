"""dbt's exposures say which dashboards there are, who owns them and what they read: all of it."""

import yaml

from umlauf.dashboards.assets import read_dashboards
from umlauf.dashboards.check import marts_of
from umlauf.warehouse.dbt import DBT_PROJECT

FILE = DBT_PROJECT / "models" / "exposures" / "dashboards.yml"


def exposures():
    return {one["name"]: one for one in yaml.safe_load(FILE.read_text())["exposures"]}


def test_every_dashboard_is_an_exposure_with_its_owner():
    assert {name: one["owner"]["name"] for name, one in exposures().items()} == {
        f"{dashboard.slug}_dashboard": dashboard.owner for dashboard in read_dashboards()
    }


def test_every_dataset_of_a_chart_is_named_by_its_dashboard_s_exposure():
    assert {name: set(one["config"]["meta"]["datasets"]) for name, one in exposures().items()} == {
        f"{dashboard.slug}_dashboard": {f"{one.schema}.{one.name}" for one in dashboard.datasets()}
        for dashboard in read_dashboards()
    }


def test_an_exposure_depends_on_the_marts_that_are_read_and_on_no_other():
    assert {name: set(one["depends_on"]) for name, one in exposures().items()} == {
        f"{dashboard.slug}_dashboard": {
            f"ref('{mart.split('.')[1]}')"
            for dataset in dashboard.datasets()
            for mart in marts_of(dataset)
        }
        for dashboard in read_dashboards()
    }
