"""Start the platform and stop it; leave nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence

from umlauf.errors import ConfigError
from umlauf.local.airflow_api import AirflowApi
from umlauf.local.airflow_environment import airflow_environment, python_environment
from umlauf.local.board import Board
from umlauf.local.credentials import load_credentials
from umlauf.local.ports import Ports
from umlauf.local.readiness import PartFailed, Readiness
from umlauf.local.record import (
    Record,
    end_all,
    read_record,
    record_file,
    started_at,
    write_record,
)
from umlauf.local.supervisor import log_file
from umlauf.orchestration.pools import POOLS
from umlauf.settings import Settings

_POLL_SECONDS = 0.2
_PATIENCE_SECONDS = 300.0


class Platform:
    """The local platform as its starter sees it."""

    def __init__(self, settings: Settings, ports: Ports, board: Board) -> None:
        self._settings, self._ports, self._board = settings, ports, board
        self._supervisor: subprocess.Popen[bytes] | None = None
        self.api = AirflowApi(ports.airflow, load_credentials(settings.home).password)

    def start(self, scale: float, *, is_staying: bool, workers: int = 0) -> None:
        """Start the supervisor; unless the platform is staying, it ends with this process."""
        record_file(self._settings.home).unlink(missing_ok=True)
        asked = {
            "ports": self._ports.by_name(),
            "scale": scale,
            "workers": workers,
            "parent": 0 if is_staying else os.getpid(),
        }
        log = log_file(self._settings.home, "supervisor")
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as out:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-m", "umlauf.local.supervisor", json.dumps(asked)],
                env=python_environment(self._settings),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        # Until the supervisor writes its own: `down` must find it even if we are killed next.
        pid = self._supervisor.pid
        write_record(self._settings.home, Record(pid=pid, started=started_at(pid) or time.time()))

    def wait_ready(self, dag_ids: Sequence[str]) -> None:
        """Return when every part is up, Airflow is healthy and has read these DAGs.

        Raises:
            PartFailed: a part ended, or something is still missing after five minutes.
        """
        readiness = Readiness(self._settings.home, self.api, self._board, dag_ids)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while missing := readiness.missing():
            if time.monotonic() > deadline:
                raise PartFailed(f"not ready after {_PATIENCE_SECONDS:g} s: {missing}")
            if self._supervisor is not None and self._supervisor.poll() is not None:
                raise PartFailed(
                    "the supervisor ended", log_file(self._settings.home, "supervisor")
                )
            time.sleep(_POLL_SECONDS)
        for pool in POOLS:
            self.api.make_pool(pool.name, pool.slots, pool.description)

    def stop(self) -> int:
        """End every process of the platform; return how many did not end by themselves."""
        record = read_record(self._settings.home)
        left = end_all(record) if record else 0
        if self._supervisor is not None:
            if record is None:
                self._supervisor.terminate()
            self._supervisor.wait()
        record_file(self._settings.home).unlink(missing_ok=True)
        return left


def run_airflow(settings: Settings, arguments: Sequence[str]) -> int:
    """Run the `airflow` command on the platform that is up; return its exit code.

    Raises:
        ConfigError: no platform is up below this home.
    """
    record = read_record(settings.home)
    if record is None or not record.is_alive():
        raise ConfigError(f"airflow: no platform is up in {settings.home}; run `make up` first")
    keys, ports = load_credentials(settings.home), Ports(**record.ports)
    workers = len(record.workers())
    return subprocess.run(
        [sys.executable, "-m", "airflow", *arguments],
        env=airflow_environment(settings, ports, keys, has_marts=True, workers=workers),
        check=False,
    ).returncode
