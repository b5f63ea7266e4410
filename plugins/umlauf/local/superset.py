"""`make superset`: Superset beside the platform that is up, with the repository's dashboards."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import requests

from umlauf.dashboards.assets import DASHBOARDS, read_dashboards
from umlauf.dashboards.check import check_columns, contract_columns
from umlauf.dashboards.exported import keep_export
from umlauf.errors import ConfigError
from umlauf.local.board import Board
from umlauf.local.credentials import USER, load_credentials
from umlauf.local.ports import HOST, Ports
from umlauf.local.postgres import open_superset
from umlauf.local.readiness import PartFailed
from umlauf.local.record import Process, Record, read_record, request_file
from umlauf.local.superset_environment import PYTHON, prepare_command, superset_environment
from umlauf.local.supervisor import log_file
from umlauf.settings import Settings

_PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.2


def start_superset(settings: Settings, board: Board) -> str:
    """Put the dashboards of the repository into Superset and start it; return its address.

    Where it runs already, the dashboards are put back as the repository has them.

    Raises:
        CheckFailed: a chart reads a column that its mart does not promise; nothing was started.
        ConfigError: no platform is up, or Superset's packages are missing.
        PartFailed: Superset ended, or did not answer in two minutes.
    """
    record = _platform(settings)
    if not PYTHON.exists():
        raise ConfigError("superset: its own packages are missing; `make superset` installs them")
    check_columns(read_dashboards(), contract_columns())
    ports = Ports(**record.ports)
    with board.showing():
        with board.step("dashboards"):
            _prepare(settings, ports)
        with board.step("Superset"):
            _serve(settings, ports)
    return f"http://{HOST}:{ports.superset}"


def export_dashboards(settings: Settings) -> list[str]:
    """Write what the running Superset has into the repository; return the files that changed.

    Raises:
        ConfigError: no Superset is running.
    """
    record = _platform(settings)
    if record.components["superset"].state != "ready":
        raise ConfigError("superset: it is not running; `make superset` starts it")
    keys = load_credentials(settings.home)
    url = f"http://{HOST}:{record.ports['superset']}"
    return keep_export(exported(url, keys.superset_password), DASHBOARDS)


def exported(url: str, password: str) -> bytes:
    """Return all that a Superset has, as the ZIP archive of its own export."""
    who = {"username": USER, "password": password, "provider": "db", "refresh": False}
    answer = requests.post(f"{url}/api/v1/security/login", json=who, timeout=60)
    answer.raise_for_status()
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    archive = requests.get(f"{url}/api/v1/assets/export/", headers=bearer, timeout=120)
    archive.raise_for_status()
    return archive.content


def _platform(settings: Settings) -> Record:
    record = read_record(settings.home)
    if record is None or not record.is_alive():
        raise ConfigError(f"superset: no platform is up in {settings.home}; run `make up` first")
    if "superset" not in record.components:
        raise ConfigError("superset: the platform is of an older version; `make down`, `make up`")
    return record


def _prepare(settings: Settings, ports: Ports) -> None:
    keys = load_credentials(settings.home)
    open_superset(ports.postgres, keys.postgres_password)
    (settings.home / "superset").mkdir(parents=True, exist_ok=True)
    log = log_file(settings.home, "superset-dashboards")
    with log.open("wb") as out:
        done = subprocess.run(
            prepare_command(),
            env=superset_environment(settings, ports, keys),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
        )
    if done.returncode:
        raise PartFailed("Superset could not be made ready", log)


def _serve(settings: Settings, ports: Ports) -> None:
    """Ask the supervisor for the server, unless it runs, and wait until it answers."""
    begun = time.time()
    if _process(settings.home).state != "ready":
        request_file(settings.home, "superset").touch()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _is_well(ports.superset):
        process = _process(settings.home)
        if process.state == "failed" and process.started > begun:  # not an earlier one
            raise PartFailed("Superset ended", log_file(settings.home, "superset"))
        if time.monotonic() > deadline:
            raise PartFailed("Superset does not answer", log_file(settings.home, "superset"))
        time.sleep(_POLL_SECONDS)


def _process(home: Path) -> Process:
    record = read_record(home)
    return record.components["superset"] if record else Process()


def _is_well(port: int) -> bool:
    try:
        return requests.get(f"http://{HOST}:{port}/health", timeout=5).ok
    except requests.RequestException:
        return False
