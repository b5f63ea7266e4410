"""Run dbt in a process of its own and read what it left behind.

A process of its own, because dbt keeps its DuckDB connection open until it ends, and the gates
must open the same file next.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from umlauf.errors import CheckFailed
from umlauf.landing.lease import Lease
from umlauf.settings import PROJECT, Settings
from umlauf.storage.bucket_path import CONNECTION
from umlauf.transport.auth import PREFIX
from umlauf.warehouse.engine import Engine
from umlauf.warehouse.increment import news_file
from umlauf.warehouse.parsed import sharing_parsed

log = logging.getLogger(__name__)

DBT_PROJECT = PROJECT / "dbt_project"
# Variables that change every night, and those of the environment that tell dbt.
OF_THE_NIGHT = {"known_on": "UMLAUF_KNOWN_ON", "as_of": "UMLAUF_AS_OF"}
_MOST_NAMED = 10


@dataclass(frozen=True, kw_only=True)
class NodeResult:
    """Outcome of one model, seed or test."""

    name: str
    kind: str  # model, seed, test, unit_test
    status: str  # success, pass, warn, fail, error, skipped
    failures: int
    message: str
    seconds: float
    attached_to: str = ""


def run_dbt(
    settings: Settings,
    variables: Mapping[str, Any],
    engine: Engine,
    *,
    lease: Lease,
    is_full: bool = True,
    is_judged: bool = True,
) -> list[NodeResult]:
    """Run the engine's `dbt build` with `variables`; the output goes to the log, line by line.

    Base models read all of landing, or unless `is_full` the news alone; the tests run if the build
    `is_judged`. dbt holds the `lease` on its own: should this process be killed, the next run waits
    until dbt has let go of the warehouse.

    Raises:
        CheckFailed: a model or a test with severity error failed; names the first ten.
    """
    target = settings.warehouse / "dbt"
    target.mkdir(parents=True, exist_ok=True)
    (target / "run_results.json").unlink(missing_ok=True)
    command, environment = _invocation(engine, target, variables)
    if is_full:
        command += ["--full-refresh"]
    if not is_judged:
        command += ["--exclude-resource-type", "test"]
    told = {**dbt_environment(settings), **engine.environment, **environment}
    with sharing_parsed(DBT_PROJECT, target, [engine.target, json.dumps(_lasting(variables))]):
        exit_code, tail = _run(command, {**_inherited(settings), **told}, lease)
        if not (target / "run_results.json").exists():
            raise CheckFailed("dbt ended without results; its last lines: " + " | ".join(tail))
    results = list(_results(target))
    _raise_failures(results, exit_code, is_judged=is_judged)
    return results


def _run(
    command: Sequence[str], environment: Mapping[str, str], lease: Lease
) -> tuple[int, list[str]]:
    """Return how dbt ended, and its last lines."""
    tail: list[str] = []
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        pass_fds=[lease.descriptor],
    ) as process:
        for line in process.stdout or ():
            log.info("dbt: %s", line.rstrip())
            tail = [*tail[-30:], line.rstrip()]
    return process.returncode, tail


def _invocation(
    engine: Engine, target: Path, variables: Mapping[str, Any]
) -> tuple[list[str], dict[str, str]]:
    """Return dbt's command, the same every night, and the environment that tells the night.

    dbt keeps what it parsed, and parses everything anew when the command's vars have changed.
    """
    command = [
        *(str(engine.dbt), "--no-use-colors", "build", "--target", engine.target),
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(target), "--log-path", str(target), "--log-level-file", "none"),
        # Unit tests say nothing of the data: `make test` runs them.
        *("--exclude-resource-type", "unit_test"),
        *("--vars", json.dumps(_lasting(variables))),
    ]
    return command, {key: variables[name] for name, key in OF_THE_NIGHT.items()}


def _lasting(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if name not in OF_THE_NIGHT}


def _inherited(settings: Settings) -> dict[str, str]:
    """Return this process's environment without connections, of which dbt needs landing's alone."""
    needed = f"{PREFIX}{settings.named(CONNECTION)}".upper()
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(PREFIX) or name == needed
    }


def dbt_environment(settings: Settings) -> dict[str, str]:
    """Return where dbt finds landing, its batches and news, and the warehouse.

    None of it stands in dbt's files or variables: it would parse everything anew for each home.
    """
    return {
        "UMLAUF_LANDING": str(settings.landing_root),
        "UMLAUF_BATCHES": str(settings.warehouse / "batches.parquet"),
        "UMLAUF_NEWS": str(news_file(settings)),
        "UMLAUF_STAGING": "incremental",
        "UMLAUF_LANDING_CONNECTION": settings.named(CONNECTION),
        "UMLAUF_WAREHOUSE": str(settings.warehouse_file),
        "UMLAUF_MEMORY": settings.memory,
    }


def read_manifest(settings: Settings) -> dict[str, Any]:
    """Return dbt's manifest of the last build: models, columns, descriptions, compiled SQL.

    It is the same object for all who ask in one process, until dbt writes another: read it only.
    """
    file = settings.warehouse / "dbt" / "manifest.json"
    written = file.stat()
    return _manifest(file, written.st_ino, written.st_mtime_ns)


@lru_cache(maxsize=1)  # 5 MB of text, which a night's check, publishing and page all ask for
def _manifest(file: Path, _inode: int, _written_at: int) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(file.read_bytes())
    return manifest


def read_semantic_manifest(settings: Settings) -> str | None:
    """Return dbt's semantic manifest of the last build, JSON: what metrics are made of.

    Relations are named as in a snapshot, which has the warehouse's schemas and not its catalogue.
    None: it was built by models that had no metrics yet.
    """
    file = settings.warehouse / "dbt" / "semantic_manifest.json"
    if not file.exists():
        return None
    return file.read_text().replace('\\"warehouse\\".', "")


def _results(target: Path) -> Iterator[NodeResult]:
    nodes = json.loads((target / "manifest.json").read_bytes())
    known = nodes["nodes"] | nodes["unit_tests"]
    for result in json.loads((target / "run_results.json").read_bytes())["results"]:
        node = known.get(result["unique_id"], {})
        attached = node.get("attached_node") or node.get("model") or ""
        yield NodeResult(
            name=node.get("name", result["unique_id"]),
            kind=result["unique_id"].split(".")[0],
            status=result["status"],
            failures=result.get("failures") or 0,
            message=result.get("message") or "",
            seconds=result["execution_time"],
            attached_to=attached.rsplit(".", 1)[-1],
        )


def _raise_failures(results: list[NodeResult], exit_code: int, *, is_judged: bool = True) -> None:
    if is_judged and not any(result.kind in ("test", "unit_test") for result in results):
        raise CheckFailed("dbt: 0 tests ran; a build without checks is not published")
    bad = [result for result in results if result.status in ("error", "fail", "runtime error")]
    if not bad and exit_code:
        raise CheckFailed(
            f"dbt ended with code {exit_code} although none of its {len(results)} models and tests "
            "failed: it was interrupted; run again"
        )
    if not bad:
        return
    named = "; ".join(f"{result.name}: {result.message.strip()}" for result in bad[:_MOST_NAMED])
    raise CheckFailed(
        f"dbt: {len(bad)} of {len(results)} models and tests failed: {named}. "
        "The last good snapshot stays published; the log above has each one's SQL file"
    )
