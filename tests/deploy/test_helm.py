"""deploy/helm/values.yaml fits the chart it names, starts what is there, and holds no secret."""

import copy
import json
import os
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.deploy.chart import VALUES, VERSION, faults
from umlauf.orchestration.pools import POOLS

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / "deploy" / "helm" / "values.yaml").read_text()
GIVEN = yaml.safe_load(TEXT)
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SCHEMA = os.environ.get("AIRFLOW_CHART_SCHEMA")


def test_every_value_is_one_of_the_chart_and_of_its_type():
    assert list(faults(GIVEN, VALUES)) == []
    assert f"--version {VERSION} " in TEXT


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("workers", "celery", "replica"), 2, "replica: the chart has no such value"),
        (("workers", "celery", "replicas"), "2", "replicas: int expected"),
        (("postgresql", "enabled"), "false", "enabled: bool expected"),
        (("env",), {"A": "b"}, "env: list expected"),
        (("redis", "resources", "limit"), {}, "limit: V1ResourceRequirements has no such field"),
        (("scheduler", "livenessProbe", "command"), "ping", "command: list expected"),
        (("workers", "celery", "extraVolumes"), [{}], "must not be `None`"),
    ],
)
def test_a_wrong_value_is_found(place, value, told):
    spoilt = copy.deepcopy(GIVEN)
    at = spoilt
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = value

    (fault,) = faults(spoilt, VALUES)

    assert told in fault


@pytest.mark.skipif(SCHEMA is None, reason="AIRFLOW_CHART_SCHEMA names no values.schema.json")
def test_the_charts_own_schema_takes_it():
    schema = json.loads(Path(SCHEMA).read_text())

    assert list(jsonschema.Draft7Validator(schema).iter_errors(GIVEN)) == []


def test_airflow_is_the_one_of_the_lock_file():
    locked = (PROJECT / "requirements.txt").read_text()

    assert f"apache-airflow=={GIVEN['airflowVersion']} " in locked


def test_settings_are_those_of_docker_compose():
    compose = COMPOSE["x-airflow-environment"]
    for section, options in GIVEN["config"].items():
        for name, value in options.items():
            there = compose.get(f"AIRFLOW__{section}__{name}".upper())
            assert there in (value, None), f"{section}.{name}"


def test_the_pools_that_tasks_name_are_made():
    (script,) = GIVEN["migrateDatabaseJob"]["args"]

    for pool in POOLS:
        assert f'airflow pools set {pool.name} {pool.slots} "{pool.description}"' in script


def test_workers_share_a_home_that_is_claimed():
    claim = yaml.safe_load((PROJECT / "deploy" / "kubernetes" / "home.yaml").read_text())
    celery = GIVEN["workers"]["celery"]
    (volume,) = celery["extraVolumes"]
    (mount,) = celery["extraVolumeMounts"]

    assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert (volume["name"], mount["mountPath"]) == (mount["name"], "/var/lib/umlauf")
    assert f"UMLAUF_HOME={mount['mountPath']}" in (PROJECT / "Dockerfile").read_text()


def test_secrets_are_named_and_none_is_told():
    names = [name for name in _names(GIVEN) if re.search("password|secret|key|conn", name, re.I)]
    told = {name for name in names if not re.search("SecretName$|KeyRef$|^key$|^load_", name)}

    assert told == set()
    assert len(re.findall(r"SecretName: umlauf-\w+", TEXT)) == 7


def _names(value):
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ([name] if isinstance(name, str) else [])
            yield from _names(inner)
