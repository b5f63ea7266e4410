"""All checks of a night on what has landed: contracts, dbt's tests, the gates; in seconds.

The contracts and the gates are the product's own, on a warehouse file. What dbt does is replayed:
its compiled models, then its compiled tests (umlauf.chaos.replay). Unlike dbt a replay goes on
behind a test that failed, so that one night tells all that its data does to every check.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest import mock

import duckdb

from tests.gates.checks import gx_name
from umlauf import __version__
from umlauf.chaos.replay import Replay, replaced
from umlauf.errors import CheckFailed
from umlauf.landing.batch import batch_files
from umlauf.landing.ledger import read_landed
from umlauf.landing.own_records import SOURCE as OWN
from umlauf.quality.drift import check_contracts
from umlauf.quality.gate import check_build
from umlauf.quality.inspection import Inspection
from umlauf.quality.results import CheckResult
from umlauf.sources.registry import all_sources
from umlauf.warehouse.build import Build
from umlauf.warehouse.dbt import NodeResult, read_manifest
from umlauf.warehouse.published import published_known_on

BUILD_ID = "a replayed night"
_FAILED = {"error": "fail", "warn": "warn"}
_QUARANTINED = "select source || '.' || stream, record_key, reason from trust.quarantine"


@dataclass(frozen=True)
class Judged:
    """What a night's checks said.

    `failed` has the message of each check by its name and severity, `quarantined` the reason by
    stream and key; `stopped` is what publishing was refused with, or nothing.
    """

    failed: dict[tuple[str, str], str]
    quarantined: dict[tuple[str, str], str]
    stopped: str

    @property
    def warnings(self):
        return {name for name, severity in self.failed if severity == "warning"}

    @property
    def critical(self):
        return {name for name, severity in self.failed if severity == "critical"}


def judge(replay: Replay, settings, at, build_id=BUILD_ID) -> Judged:
    """Judge what has landed in a home; `at` is the moment of the night, aware UTC."""
    sources, root = all_sources(), settings.landing_root
    landed = read_landed(root, sources)
    contracts = check_contracts(root, sources, landed, published_known_on(settings))
    settings.warehouse_file.unlink(missing_ok=True)
    with replay.built(settings, settings.warehouse_file) as database:
        tests = list(run_tests(database, read_manifest(settings), replay.told(settings, landed)))
        rows = database.execute(_QUARANTINED).fetchall()
    build = Build(
        build_id=build_id, known_on=landed.known_on, as_of=landed.as_of(settings),
        code_version=__version__, seconds=0, results=tuple(tests), contracts=tuple(contracts),
    )  # fmt: skip
    (settings.warehouse / "build.json").write_text(json.dumps(asdict(build), default=str))
    stopped = ""
    try:
        # Pages for people, half of the gates' time, say nothing that is not landed as well.
        with mock.patch.object(Inspection, "write_docs"):
            check_build(settings, build_id, at=at)
    except CheckFailed as error:
        stopped = str(error)
    return Judged(
        failed=_failed(root, build_id), stopped=stopped,
        quarantined={(stream, key): reason for stream, key, reason in rows},
    )  # fmt: skip


def run_tests(database, manifest, told):
    """Yield the result of each of dbt's compiled tests, by dbt's own words of their outcome."""
    for node in manifest["nodes"].values():
        if node["resource_type"] != "test":
            continue
        found, message = _count(database, replaced(node["compiled_code"], told))
        outcome = _FAILED[node["config"]["severity"].lower()]
        yield NodeResult(
            name=node["name"], kind="test", status=outcome if found else "pass", failures=found,
            message=message, seconds=0,
            attached_to=(node.get("attached_node") or "").rsplit(".", 1)[-1],
        )  # fmt: skip


def _count(database, sql):
    try:
        ((found,),) = database.execute(f"select count(*) from ({sql})").fetchall()
    except duckdb.Error as error:
        return 1, str(error)
    return found, f"Got {found} results" if found else ""


def _failed(root: Path, build_id):
    """Return what failed of a build, by name and severity."""
    return {
        (name, result.severity): result.message or f"{result.failures} rows"
        for (_, name), result in landed_checks(root, build_id).items()
        if not result.passed
    }


def landed_checks(root: Path, build_id=""):
    """Return what build and gates have landed of every check, by tool and name."""
    files = [str(file) for file in batch_files(root, OWN, "checks")]
    rows = duckdb.sql(
        f"select payload from read_parquet({files}, hive_partitioning = false) "
        f"where starts_with(record_key, '{build_id}') and payload is not null order by fetched_at"
    ).fetchall()
    found = {}
    for (payload,) in rows:
        known = json.loads(payload)
        known.pop("build_id")
        result = CheckResult(**known)
        is_dbt = result.tool == "dbt"
        name = result.check if is_dbt else gx_name(result.subject, result.check, result.why)
        found[result.tool, name] = result
    return found
