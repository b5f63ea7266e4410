"""Is the platform there yet? Shows how far its parts are while the answer is no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import requests

from umlauf.errors import UmlaufError
from umlauf.local.airflow_api import AirflowApi
from umlauf.local.board import Board
from umlauf.local.record import REDIS, Process, read_record
from umlauf.local.supervisor import log_file

_LOG_LINES = 20
_AIRFLOW = "Airflow"
# What each line of the board stands for.
SHOWN: Mapping[str, tuple[str, ...]] = {
    "sandbox company": ("sandbox-company", "sandbox", "page"),
    "database for Airflow": ("postgres", "airflow-database"),
    _AIRFLOW: ("api-server", "dag-processor", "scheduler", "triggerer"),
}


class PartFailed(UmlaufError):
    """A part of the platform ended or never got ready; carries the end of its log."""

    def __init__(self, message: str, log: Path | None = None) -> None:
        super().__init__(f"{message}; its log is {log}" if log else message)
        lines = log.read_text(errors="replace").splitlines() if log and log.exists() else []
        self.log = lines[-_LOG_LINES:]


class Readiness:
    """Asks the record which parts run, and Airflow whether it is well."""

    def __init__(self, home: Path, api: AirflowApi, board: Board, dag_ids: Sequence[str]) -> None:
        self._home, self._api, self._board = home, api, board
        self._dag_ids = set(dag_ids)
        self._steps = {name: board.begin(name) for name in SHOWN}

    def missing(self) -> str:
        """Name what is not there yet; "" when all is.

        Raises:
            PartFailed: a part ended, or a DAG cannot be read.
        """
        record = read_record(self._home)
        if record is None or not record.components:  # the starter wrote only whom to end
            return "the supervisor"
        there = [name for name in (REDIS, *record.workers()) if name in record.components]
        shown = {**SHOWN, _AIRFLOW: (*SHOWN[_AIRFLOW], *there)}
        waiting = {name: _waiting(self._home, record.components, shown[name]) for name in shown}
        if record.components["api-server"].state == "ready":
            waiting[_AIRFLOW] += self._unwell()
        for name, parts in waiting.items():
            self._steps[name].detail = ", ".join(parts)
            if not parts:
                self._board.end(self._steps[name])
        return ", ".join(part for parts in waiting.values() for part in parts)

    def _unwell(self) -> list[str]:
        try:
            if sick := self._api.sick_parts():
                return sick
            self._api.log_in()
            if errors := self._api.import_errors():
                raise PartFailed(f"Airflow cannot read a DAG: {errors[0]}")
            return sorted(f"reading {dag_id}" for dag_id in self._dag_ids - self._api.dag_ids())
        except requests.RequestException:
            return ["an answer"]


def _waiting(home: Path, parts: Mapping[str, Process], names: Sequence[str]) -> list[str]:
    for name in names:
        if parts[name].state == "failed":
            raise PartFailed(f"{name} ended", log_file(home, name))
    return [name for name in names if parts[name].state not in ("ready", "done")]
