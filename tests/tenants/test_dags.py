"""The DAGs of two tenants, as Airflow reads them."""

from itertools import chain
from pathlib import Path

import pytest

from umlauf.settings import PROJECT, load_settings

pytestmark = pytest.mark.integration

DAGS = {"land_bank", "land_hubspot", "land_odoo", "marts", "marts_deadline", "backfill"}


@pytest.fixture(autouse=True)
def airflow_home(tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    monkeypatch.setenv("AIRFLOW__CORE__LOAD_EXAMPLES", "False")


def read_dags():
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(PROJECT / "dags"))


@pytest.fixture
def dags(tenants):
    bag = read_dags()
    assert bag.import_errors == {}
    return bag.dags


def of(tenant, dags):
    return {name: dag for name, dag in dags.items() if name.startswith(f"{tenant}__")}


def test_each_tenant_has_every_dag_under_its_name(dags):
    assert set(dags) == {f"{tenant}__{dag}" for tenant in ("acme", "globex") for dag in DAGS}
    for tenant in ("acme", "globex"):
        assert all(tenant in dag.tags for dag in of(tenant, dags).values())


def test_no_pool_asset_or_callback_is_shared(dags):
    def owned(tenant):
        tasks = list(chain.from_iterable(dag.tasks for dag in of(tenant, dags).values()))
        pools = {task.pool for task in tasks}
        assets = {outlet for task in tasks for outlet in task.outlets}
        told = {callback.keywords["tenant"] for task in tasks for callback in _told(task)}
        assert told == {tenant}
        return pools, {asset.name for asset in assets}, {asset.uri for asset in assets}

    acme, globex = owned("acme"), owned("globex")

    assert acme[0] == {"acme__landing", "acme__warehouse"}
    assert all(mine and not mine & theirs for mine, theirs in zip(acme, globex, strict=True))


def _told(task):
    return (
        [task.on_failure_callback]
        if callable(task.on_failure_callback)
        else (task.on_failure_callback)
    )


def test_the_marts_of_one_wake_on_its_own_landings_alone(dags):
    for tenant in ("acme", "globex"):
        condition = dags[f"{tenant}__marts"].timetable.asset_condition

        assert {asset.name for asset in condition.objects} == {
            f"{tenant}__raw_{source}" for source in ("bank", "hubspot", "odoo")
        }


def test_the_marts_wait_for_their_own_landings_alone(dags, monkeypatch):
    asked = []

    class Ti:
        def get_dr_count(self, dag_id, states):
            asked.append(dag_id)
            return 0

    monkeypatch.setattr("umlauf.orchestration.steps.build", lambda tenant: tenant)

    assert dags["globex__marts"].get_task("build").python_callable(ti=Ti()) == "globex"
    assert asked == [f"globex__land_{source}" for source in ("bank", "hubspot", "odoo")]


def test_every_task_is_told_whose_it_is(dags, monkeypatch):
    told = []

    def note(*given, **_):
        told.append(given[-1])
        raise KeyboardInterrupt

    for module in ("steps", "backfill_steps"):
        for room in ("connections", module):
            monkeypatch.setattr(
                f"umlauf.orchestration.{room}.task_settings", note, raising=room == "connections"
            )
    monkeypatch.setattr("umlauf.orchestration.steps.wait_for_landings", lambda *_: None)
    run = type("Run", (), {"partition_key": "2026-11-17"})
    given = {
        "dag_run": run, "ti": None, "build_id": "x", "compared": {"replaces": None}, "name": "bank",
        "params": {"from": "2026-11-17", "to": "2026-11-17", "source": ["bank"], "replay": False},
    }  # fmt: skip
    calls = 0
    for tenant in ("acme", "globex"):
        for task in chain.from_iterable(dag.tasks for dag in of(tenant, dags).values()):
            if (work := getattr(task, "python_callable", None)) is None:
                continue  # a person's approval
            calls += 1
            wanted = work.__code__.co_varnames[: work.__code__.co_argcount]
            with pytest.raises(KeyboardInterrupt):
                work(**{name: given[name] for name in wanted})
            assert told[-1] == tenant, task
    assert calls == len(told) > 20


def test_wrong_settings_of_one_leave_the_other_s_dags_alone(tenants):
    (tenants / "acme.toml").write_text('reporting_currency = "euro"')

    bag = read_dags()

    assert set(bag.dags) == {f"globex__{dag}" for dag in DAGS}
    (file, said), *more = bag.import_errors.items()
    assert (Path(file).name, more) == ("tenants.py", [])
    assert "without DAGs: settings: acme: reporting_currency" in said
    # Airflow takes away all DAGs of a file that fails, so none is in this one.
    assert not [dag for dag in bag.dags.values() if Path(dag.fileloc).name == "tenants.py"]


def test_a_failure_is_noted_in_the_tenant_s_own_landing(tenants):
    from types import SimpleNamespace

    from umlauf.errors import SourceDenied
    from umlauf.landing.incidents import open_incidents
    from umlauf.orchestration.failures import failure_report

    task = SimpleNamespace(dag_id="acme__land_odoo", task_id="land")
    failure_report("acme")({"ti": task, "exception": SourceDenied("odoo: 403")})

    assert [one.subject for one in open_incidents(load_settings(tenant="acme"))] == ["land odoo"]
    assert not load_settings(tenant="globex").landing_root.exists()


def test_pools_can_be_made_for_every_tenant(tenants):
    from umlauf.orchestration.companies import companies
    from umlauf.orchestration.pools import pools_of

    assert {pool.name: pool.slots for pool in pools_of(companies())} == {
        "acme__landing": 4, "acme__warehouse": 1, "globex__landing": 4, "globex__warehouse": 1,
    }  # fmt: skip
