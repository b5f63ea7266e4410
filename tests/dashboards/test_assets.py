"""The files of `dashboards/` are in the form in which an export comes back, and belong together."""

import re
from itertools import chain

import pytest
import yaml

from umlauf.dashboards.assets import DASHBOARDS, read_dashboards
from umlauf.dashboards.normal import KINDS, normal, text
from umlauf.errors import ConfigError
from umlauf.sources.registry import all_sources

FILES = [file for kind in KINDS for file in sorted((DASHBOARDS / kind).rglob("*.yaml"))]
TITLES = ["Cash flow", "Inventory", "Pipeline", "Trust"]


def read(file):
    return yaml.load(file.read_text(), Loader=yaml.CSafeLoader)


def kind_of(file):
    return file.relative_to(DASHBOARDS).parts[0]


def test_there_are_four_dashboards_of_a_dozen_charts_each():
    found = read_dashboards()

    assert [dashboard.title for dashboard in found] == TITLES
    assert min(len(dashboard.charts) for dashboard in found) >= 12


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(DASHBOARDS)))
def test_a_file_is_in_normal_form(file):
    assert file.read_text() == text(normal(kind_of(file), read(file)))


def test_a_uuid_belongs_to_one_file():
    uuids = [read(file)["uuid"] for file in FILES]

    assert len(set(uuids)) == len(uuids)


def test_nothing_is_left_over():
    found = read_dashboards()
    charts = {chart.file for dashboard in found for chart in dashboard.charts}
    datasets = {dataset.name for dashboard in found for dataset in dashboard.datasets()}

    assert charts == {str(f.relative_to(DASHBOARDS)) for f in FILES if kind_of(f) == "charts"}
    assert datasets == {f.stem for f in FILES if kind_of(f) == "datasets"}


def test_no_file_holds_a_password_a_moment_or_the_id_of_a_row():
    words = re.compile(
        r"password|changed_on|timestamp:|datasource:|slice_id|_id: \d|\d{4}-\d\d-\d\d"
    )
    everything = "\n".join(chain.from_iterable(file.read_text().splitlines() for file in FILES))

    assert words.findall(everything.lower()) == []
    assert re.findall(r"://\w+:(\w+)@", everything) == ["XXXXXXXXXX"]


def test_an_owner_is_one_who_also_owns_a_source_or_the_platform():
    known = {source.owner for source in all_sources()} | {"data-platform"}

    assert {dashboard.owner for dashboard in read_dashboards()} <= known


def test_every_chart_and_every_metric_has_a_title_of_its_own_page():
    for dashboard in read_dashboards():
        titles = [chart.title for chart in dashboard.charts]
        assert len(set(titles)) == len(titles)
        assert all(title[0].isupper() and "_" not in title for title in titles)


def test_a_chart_without_its_dataset_is_named(tmp_path):
    folder = tmp_path / "charts"
    folder.mkdir()
    (folder / "lonely.yaml").write_text(
        "{uuid: a, slice_name: Lonely, viz_type: table, params: {}, dataset_uuid: gone}"
    )

    with pytest.raises(ConfigError, match=r"charts/lonely\.yaml needs gone, which no file"):
        read_dashboards(tmp_path)
