"""What catalogues are told: whole, in OpenLineage's form, and nothing twice or never."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import duckdb
import pytest

from tests.report.tiny_marts import BUILD, land_all, write_marts
from tests.transport.misbehaving_server import MisbehavingServer, Reply
from umlauf.errors import SourceDenied
from umlauf.events import emit as module
from umlauf.events.emit import emit, emit_quietly
from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table
from umlauf.landing.incidents import note, settle
from umlauf.landing.windows import day_bounds
from umlauf.sources.registry import all_sources

pytestmark = pytest.mark.integration

DAY = date(2026, 3, 31)
MORNING = datetime(2026, 4, 1, 5, 30, tzinfo=UTC)
NODES = {
    "model.umlauf.stg_deals": {
        "resource_type": "model",
        "schema": "staging",
        "name": "stg_deals",
        "fqn": ["umlauf", "staging", "stg_deals"],
        "config": {"materialized": "view"},
        "description": "One row per deal.",
        "columns": {},
        "compiled_code": "select 1 as deal_id, 2 as amount",
        "depends_on": {"nodes": ["source.umlauf.hubspot.deals"]},
    },
    "model.umlauf.fct_deal": {
        "resource_type": "model",
        "schema": "pipeline",
        "name": "fct_deal",
        "fqn": ["umlauf", "marts", "fct_deal"],
        "config": {"materialized": "table"},
        "description": "One row per deal.",
        "columns": {
            "amount_reporting": {"data_type": "decimal(18, 2)", "description": "Money of it."},
        },
        "compiled_code": "select deal_id, amount * 2 as amount_reporting from staging.stg_deals",
        "depends_on": {"nodes": ["model.umlauf.stg_deals"]},
    },
}
PHASE = {"started_at": "2026-04-01T03:01:00Z", "completed_at": "2026-04-01T03:02:00Z"}


@pytest.fixture(autouse=True)
def no_catalogue(monkeypatch):
    for name in [name for name in os.environ if name.startswith("OPENLINEAGE")]:
        monkeypatch.delenv(name)
    yield
    # The client writes what it understands of OPENLINEAGE_URL into the environment.
    for name in [name for name in os.environ if name.startswith("OPENLINEAGE__")]:
        del os.environ[name]


@pytest.fixture
def built(settings):
    """Return settings of a morning on which all has landed, is built and published."""
    land_all(settings, DAY)
    write_marts(settings.marts_file)
    dbt = settings.warehouse / "dbt"
    dbt.mkdir(parents=True)
    dbt.joinpath("manifest.json").write_text(json.dumps({"nodes": NODES}))
    results = [{"unique_id": name, "timing": [PHASE]} for name in NODES]
    dbt.joinpath("run_results.json").write_text(json.dumps({"results": results}))
    settings.warehouse.joinpath("build.json").write_text(json.dumps({"build_id": BUILD}))
    cache = settings.home / "cache" / "column_lineage.json"
    cache.parent.mkdir()
    made_of = {"deal_id": [["staging.stg_deals", "deal_id"]], "amount_reporting": [
        ["staging.stg_deals", "amount"]]}  # fmt: skip
    cache.write_text(json.dumps({"pipeline.fct_deal": {"digest": "", "columns": made_of}}))
    return settings


def events(settings):
    return [
        json.loads(line)
        for file in sorted((settings.home / "lineage").glob("*.jsonl"))
        for line in file.read_text().splitlines()
    ]


def named(settings, job, state="COMPLETE"):
    return [
        one for one in events(settings) if (one["job"]["name"], one["eventType"]) == (job, state)
    ]


def emit_at(settings, moment=MORNING):
    return emit(settings, clock=lambda: moment)


def test_every_event_has_what_the_specification_asks_for(built):
    note(built, "land hubspot", SourceDenied("403"), MORNING)
    emit_at(built, MORNING + timedelta(hours=1))

    for one in events(built):
        assert one["eventType"] in {"START", "COMPLETE", "FAIL"}
        assert datetime.fromisoformat(one["eventTime"]).tzinfo
        assert str(UUID(one["run"]["runId"])) == one["run"]["runId"]
        assert one["job"]["namespace"] == "umlauf"
        assert one["job"]["name"]
        assert one["producer"].startswith("urn:umlauf:")
        assert one["schemaURL"].startswith("https://openlineage.io/spec/")
        places = (one["run"], one["job"], *one["inputs"], *one["outputs"])
        facets = [facet for place in places for facet in place.get("facets", {}).values()]
        assert all({"_producer", "_schemaURL"} <= facet.keys() for facet in facets)
        assert all(data["namespace"] and data["name"] for data in one["inputs"] + one["outputs"])


def test_every_run_begins_once_and_ends_once(built):
    emit_at(built)

    begun = sorted(one["run"]["runId"] for one in events(built) if one["eventType"] == "START")
    ended = sorted(one["run"]["runId"] for one in events(built) if one["eventType"] != "START")
    streams = sum(len(source.streams) for source in all_sources())
    assert begun == ended
    assert len(set(begun)) == len(begun) == streams + len(["build", "publish", *NODES])


def test_a_landing_tells_its_window_and_its_rows(built):
    at = MORNING - timedelta(minutes=30)
    start, end = day_bounds(DAY, built.zone)
    about = BatchAbout(
        source="hubspot", stream="deals", day=DAY, fetched_at=at, window_start=start,
        window_end=end + timedelta(days=1), part=0,
    )  # fmt: skip
    later = replace(about, fetched_at=at + timedelta(seconds=9), part=1, is_complete=True)
    commit_batch(built.landing_root, about, record_table(["1", "2"], [at, at], ["{}", "{}"], at))
    commit_batch(built.landing_root, later, record_table(["3"], [at], ["{}"], later.fetched_at))

    emit_at(built)

    one = named(built, "land.hubspot.deals")[-1]
    (output,) = one["outputs"]
    assert output["name"] == str(built.landing_root / "hubspot" / "deals")
    counted = output["outputFacets"]["outputStatistics"]
    assert (counted["rowCount"], counted["fileCount"]) == (3, 2)
    assert one["eventTime"] == later.fetched_at.isoformat()
    assert one["run"]["facets"]["nominalTime"]["nominalStartTime"] == start.isoformat()


def test_a_model_tells_what_it_reads_and_what_its_columns_are_made_of(built):
    emit_at(built)

    (staging,) = named(built, "build.staging.stg_deals")
    assert [data["name"] for data in staging["inputs"]] == [
        str(built.landing_root / "hubspot" / "deals")
    ]
    (mart,) = named(built, "build.pipeline.fct_deal")
    assert (
        mart["run"]["facets"]["parent"]["run"]["runId"] == named(built, "build")[0]["run"]["runId"]
    )
    assert [data["name"] for data in mart["inputs"]] == ["staging.stg_deals"]
    facets = mart["outputs"][0]["facets"]
    fields = facets["columnLineage"]["fields"]
    assert {
        name: [(one["name"], one["field"]) for one in field["inputFields"]]
        for name, field in fields.items()
    } == {
        "deal_id": [("staging.stg_deals", "deal_id")],
        "amount_reporting": [("staging.stg_deals", "amount")],
    }
    described = {field["name"]: field.get("type") for field in facets["schema"]["fields"]}
    assert described == {"deal_id": None, "amount_reporting": "decimal(18, 2)"}


def test_a_failure_tells_why_and_its_end_tells_nothing(built):
    emit_at(built)
    before = len(events(built))
    note(built, "land hubspot", SourceDenied("hubspot.deals: 403"), MORNING + timedelta(minutes=1))
    settle(built, ["land hubspot"], MORNING + timedelta(minutes=2))

    emit_at(built, MORNING + timedelta(hours=1))

    begun, failed = events(built)[before:]
    assert begun["run"]["runId"] == failed["run"]["runId"]
    assert failed["eventType"] == "FAIL"
    assert failed["job"]["name"] == "land.hubspot"
    why = failed["run"]["facets"]["errorMessage"]["message"]
    assert why == "SourceDenied: hubspot.deals: 403"


def test_what_has_been_told_is_not_told_again(built):
    first = emit_at(built)

    assert first > 0
    assert emit_at(built, MORNING + timedelta(hours=1)) == 0
    with duckdb.connect(built.marts_file) as marts:
        for schema, table in (("core", "dim_date"), ("trust", "build")):
            marts.execute(
                f"update {schema}.{table} set build_id = 'next' where build_id = '{BUILD}'"
            )
    built.warehouse.joinpath("build.json").write_text('{"build_id": "next"}')
    assert emit_at(built, MORNING + timedelta(hours=2)) == 2 * len(["build", "publish", *NODES])


def test_killed_before_it_is_noted_it_is_told_again_as_the_same_runs(built, monkeypatch):
    def killed(*_):
        raise SystemExit(9)

    with monkeypatch.context() as patched:
        patched.setattr(module, "_note", killed)
        with pytest.raises(SystemExit):
            emit_at(built)
    runs = {one["run"]["runId"] for one in events(built)}

    emit_at(built, MORNING + timedelta(hours=1))

    assert {one["run"]["runId"] for one in events(built)} == runs


def test_a_catalogue_that_is_named_in_openlineage_s_own_way_gets_them_instead(built, monkeypatch):
    with MisbehavingServer(Reply(status=201)) as catalogue:
        monkeypatch.setenv("OPENLINEAGE_URL", catalogue.url)
        count = emit_at(built)

    assert count == len(catalogue.requests) > 0
    assert {request.path for request in catalogue.requests} == {"/api/v1/lineage"}
    assert catalogue.requests[0].json["eventType"] == "START"
    assert events(built) == []


def test_a_catalogue_that_is_down_costs_the_night_nothing_but_a_warning(built, monkeypatch, caplog):
    monkeypatch.setenv("OPENLINEAGE_URL", "http://127.0.0.1:9")
    emit_quietly(built, clock=lambda: MORNING)
    assert "lineage: not all was told; the next run tells it" in caplog.text

    monkeypatch.delenv("OPENLINEAGE_URL")
    assert emit_at(built) > 0


def test_it_can_be_turned_off(built, monkeypatch):
    monkeypatch.setenv("OPENLINEAGE_DISABLED", "true")
    emit_quietly(built, clock=lambda: MORNING)

    assert not (built.home / "lineage").exists()


def test_only_the_last_thirty_days_are_kept(built):
    folder = built.home / "lineage"
    folder.mkdir()
    for day in range(40):
        (folder / f"2026-02-{day:02}.jsonl").touch()

    emit_at(built)

    assert len(list(folder.glob("*.jsonl"))) == 30
    assert (folder / "2026-04-01.jsonl").exists()
