"""docker-compose.yml and Dockerfile, read as text: no Docker engine is needed, none is at hand."""

import os
import re
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from umlauf.orchestration.pools import POOLS

PROJECT = Path(__file__).resolve().parents[1]
TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
AIRFLOW = ["init", "api-server", "scheduler", "dag-processor", "triggerer", "worker"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
SECRET = re.compile(r"PASSWORD|SECRET|FERNET|REDISCLI_AUTH|_CONN$|BROKER_URL|RESULT_BACKEND")


def test_all_parts_of_a_production_airflow_are_there():
    assert set(SERVICES) == {"postgres", "redis", "statsd-exporter", *AIRFLOW}
    assert SERVICES["worker"]["command"][:2] == ["celery", "worker"]


def test_airflow_runs_celery_behind_fab_logins():
    environment = SERVICES["api-server"]["environment"]

    assert environment["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert environment["AIRFLOW__CORE__AUTH_MANAGER"].endswith(".FabAuthManager")
    assert environment["AIRFLOW__CELERY__BROKER_URL"].startswith("redis://")


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "statsd-exporter"])
def test_every_secret_must_be_given_and_has_no_default(name):
    secrets = {
        key: value
        for key, value in SERVICES[name].get("environment", {}).items()
        if SECRET.search(key)
    }

    assert secrets
    for key, value in secrets.items():
        assert re.search(r"\$\{[A-Z_]+:\?", value), f"{name}: {key} must read ${{NAME:?...}}"
    assert ":-" not in TEXT


def test_every_secret_is_explained_and_empty_in_the_example():
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", TEXT))
    lines = (PROJECT / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert set(given) == asked
    assert not any(given.values())


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_is_root_and_nothing_can_become_it(name):
    service = SERVICES[name]

    assert service["user"] in {"10001:10001", "65534:65534", "postgres", "redis"}
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["read_only"] is True
    assert "privileged" not in service


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "init"])
def test_every_server_has_a_health_check(name):
    check = SERVICES[name]["healthcheck"]

    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= set(check)


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned_to_one_version(name):
    image = SERVICES[name]["image"]

    assert re.search(r":v?\d+\.\d+(\.\d+)?[\w.-]*$|@sha256:[0-9a-f]{64}$", image), image


def test_ports_are_open_to_this_host_only():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ports == ["127.0.0.1:8080:8080", "127.0.0.1:9102:9102"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert all(SERVICES[name]["networks"] == ["inside"] for name in ("postgres", "redis"))


def test_airflow_starts_after_its_database_is_ready():
    ready = "service_completed_successfully"

    for name in AIRFLOW[1:]:
        assert SERVICES[name]["depends_on"] == {"init": {"condition": ready}}
    assert SERVICES["init"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


@pytest.mark.integration
def test_the_executor_loads_with_the_packages_of_the_lock_file():
    name = SERVICES["scheduler"]["environment"]["AIRFLOW__CORE__EXECUTOR"]
    loading = (
        "from airflow.executors.executor_loader import ExecutorLoader as Loader;"
        "print(Loader.import_executor_cls(Loader.get_default_executor_name())[0].__name__)"
    )

    done = subprocess.run(
        [sys.executable, "-c", loading],
        env=os.environ | {"AIRFLOW__CORE__EXECUTOR": name},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.splitlines()[-1:] == [name], done.stderr[-1000:]


@pytest.mark.integration
def test_airflow_sends_its_metrics_to_the_exporter(tmp_path):
    declared = {
        name: value
        for name, value in COMPOSE["x-airflow-environment"].items()
        if name.startswith("AIRFLOW__METRICS__")
    }
    assert declared["AIRFLOW__METRICS__STATSD_HOST"] in SERVICES
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as exporter:
        exporter.bind(("127.0.0.1", 0))
        exporter.settimeout(60)
        here = {
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(exporter.getsockname()[1]),
            "AIRFLOW_HOME": str(tmp_path),
        }
        told = "from airflow.sdk.observability.stats import Stats; Stats.incr('told')"
        sending = [sys.executable, "-c", told]
        subprocess.run(sending, env=os.environ | declared | here, check=True, capture_output=True)

        told = [exporter.recv(1000)]
        while not told[-1].startswith(b"airflow.told:"):
            told.append(exporter.recv(1000))

    assert told[-1] == b"airflow.told:1|c"


def test_the_pools_that_tasks_name_are_made():
    script = SERVICES["init"]["command"][0]

    for pool in POOLS:
        assert f'airflow pools set {pool.name} {pool.slots} "{pool.description}"' in script


def test_only_the_worker_holds_the_data_and_the_connections():
    holders = [
        name
        for name, service in SERVICES.items()
        if any(volume.startswith("umlauf-state:") for volume in service.get("volumes", []))
    ]

    assert holders == ["worker"]
    assert [name for name in SERVICES if "env_file" in SERVICES[name]] == ["worker"]


def test_the_image_is_built_from_the_lock_file_on_a_pinned_python():
    assert (
        re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["python:3.11.13-slim-bookworm"] * 2
    )
    assert DOCKERFILE.count("--require-hashes") == 2
    assert "ARG REQUIREMENTS=requirements.txt\n" in DOCKERFILE
    assert '-r "$REQUIREMENTS"' in DOCKERFILE
    assert re.search(r"^USER 10001", DOCKERFILE, re.MULTILINE)


def test_no_state_and_no_secret_gets_into_the_image():
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+)", DOCKERFILE, re.MULTILINE)
        for name in line.split()[:-1]
    }

    assert "*" in ignored
    assert allowed == copied


def test_nothing_that_runs_here_needs_an_asynchronous_database_engine():
    package = Path(find_spec("airflow").submodule_search_locations[0])
    rooms = ("api_fastapi", "dag_processing", "executors", "jobs", "models", "state", "triggers")
    users = {
        str(file.relative_to(package))
        for room in rooms
        for file in (package / room).rglob("*.py")
        if re.search(r"with create_session_async\(|: AsyncSessionDep", file.read_text())
    }

    assert COMPOSE["x-airflow-environment"]["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC"] == ""
    assert users == {
        "api_fastapi/common/db/common.py",  # defines AsyncSessionDep, which no route uses
        "api_fastapi/core_api/services/public/dag_run.py",  # .../dagRuns/<id>/wait
        "api_fastapi/execution_api/security.py",  # multi-team mode
        "state/metastore.py",  # for callers that are asynchronous themselves: none in these rooms
    }
