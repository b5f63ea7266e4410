"""Build everything that landed since the last published build; skip when nothing did."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from umlauf import __version__
from umlauf.errors import CheckFailed, LeaseLost, NothingLanded
from umlauf.landing.batch import declare_stream
from umlauf.landing.commits import committing, counting
from umlauf.landing.counted import note_batches
from umlauf.landing.intact import landed_files, naming_damage, refuse_damaged
from umlauf.landing.janitor import sweep_own, sweep_partials
from umlauf.landing.lease import WAREHOUSE_LEASE, Lease, hold_lease
from umlauf.landing.ledger import Landed, read_landed, write_index
from umlauf.landing.own_records import SOURCE as OWN
from umlauf.landing.own_records import declare_own
from umlauf.landing.run import Clock, utc_now
from umlauf.quality.drift import check_contracts, refuse_broken
from umlauf.quality.results import CheckResult, land_results
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.warehouse.dbt import NodeResult, run_dbt
from umlauf.warehouse.engine import Engine, duckdb_engine
from umlauf.warehouse.erasing import finish_erasures
from umlauf.warehouse.increment import (
    find_news,
    forget_state,
    keep_state,
    write_news,
)
from umlauf.warehouse.opened import wait_until_closed
from umlauf.warehouse.published import (
    published_build_id,
    published_known_on,
    record_published,
    returned_from,
)
from umlauf.warehouse.recipe import name_build, name_recipe

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Build:
    """What stands in the warehouse file. `known_on` is aware UTC, `as_of` a business date.

    `results` are dbt's; `contracts` say what came otherwise than the sources had promised.
    """

    build_id: str
    known_on: datetime
    as_of: date
    code_version: str
    seconds: float
    results: tuple[NodeResult, ...]
    contracts: tuple[CheckResult, ...] = ()


def build_new(
    settings: Settings,
    sources: Sequence[Source],
    *,
    is_forced: bool = False,
    is_full: bool = False,
    clock: Clock = utc_now,
) -> Build | None:
    """Build the marts from landing; None when readers have been shown all of it already.

    What the warehouse holds from the last build stays in it and only what has landed since is read,
    unless it `is_full` or something else than landing has changed (umlauf.warehouse.increment).

    Raises:
        NothingLanded: there is nothing to build from.
        LeaseBusy: another run builds, or somebody has the warehouse file open.
        CheckFailed: a source broke its contract, a model or a test failed; nothing is published.
        LandingDamaged: what is to be read is not what was landed; nothing is published.
    """
    finish_erasures(settings)
    with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds) as lease:
        _clean_up(settings)
        record_published(settings)
        landed = count_landed(settings, sources)
        variables = _variables(settings, sources, landed)
        build_id = name_build(landed, variables)
        if not (is_forced or is_full) and _has_been_shown(settings, build_id):
            return None
        root = settings.landing_root
        note_batches(root, landed.known_on)
        with naming_damage(root, landed.files(root)):
            contracts = check_contracts(root, sources, landed, published_known_on(settings))
        try:
            refuse_broken(contracts)
        except CheckFailed:
            day = landed.as_of(settings)
            land_results(settings.landing_root, build_id, day, contracts, clock())
            raise
        return _build(
            settings, lease, landed, variables, build_id, is_full=is_full, contracts=contracts
        )


def build_past(
    settings: Settings,
    sources: Sequence[Source],
    landed: Landed,
    lease: Lease,
    choices: Mapping[str, Any] | None = None,
) -> Build:
    """Build what had `landed` by some moment, in the warehouse of `settings`; no test judges it.

    `choices` are variables of the models that shall be other than the project says.
    """
    variables = _variables(settings, sources, landed) | dict(choices or {})
    build_id = name_build(landed, variables)
    return _build(settings, lease, landed, variables, build_id, is_full=True, is_judged=False)


def build_beside(
    settings: Settings,
    sources: Sequence[Source],
    landed: Landed,
    lease: Lease,
    engine: Engine,
    *,
    is_full: bool = False,
) -> Build:
    """Build and test what has `landed` with another `engine`, in the warehouse of `settings`.

    Only what is new since its own last build, unless it `is_full` or that one is in doubt.
    """
    variables = _variables(settings, sources, landed)
    build_id = name_build(landed, variables)
    return _build(settings, lease, landed, variables, build_id, is_full=is_full, engine=engine)


def count_landed(settings: Settings, sources: Sequence[Source]) -> Landed:
    """Return all that has landed; every declared stream can be read from then on.

    Raises:
        NothingLanded: there is nothing to build from.
    """
    # Counts as a commit, which holds the sources' janitors off.
    with committing(settings.leases, settings.lease_wait_seconds):
        for source in sources:
            for stream in source.streams:
                declare_stream(settings.landing_root, source.name, stream.name, source.start)
        declare_own(settings.landing_root)
    with counting(settings.leases, settings.lease_wait_seconds):
        landed = read_landed(settings.landing_root, sources, settings.cache)
    if not landed.batch_ids:
        raise NothingLanded("build: nothing has landed yet; run `umlauf land` first")
    return landed


def landed_build_id(settings: Settings, sources: Sequence[Source]) -> str:
    """Name the build that all that has landed, with settings and models as they are, would give.

    Raises:
        NothingLanded: there is nothing to build from.
    """
    landed = count_landed(settings, sources)
    return name_build(landed, _variables(settings, sources, landed))


def current_build(settings: Settings, build_id: str) -> Build:
    """Return the build in the warehouse file, which must be `build_id`.

    Raises:
        LeaseLost: another run has built since; that run publishes.
    """
    stated = _stated_build(settings)
    if stated.get("build_id") != build_id:
        raise LeaseLost(
            f"build {build_id}: the warehouse now holds {stated.get('build_id')}; "
            "the newer run checks and publishes, this one ends here"
        )
    return Build(
        build_id=build_id,
        known_on=datetime.fromisoformat(stated["known_on"]),
        as_of=date.fromisoformat(stated["as_of"]),
        code_version=stated["code_version"],
        seconds=stated["seconds"],
        results=tuple(NodeResult(**result) for result in stated["results"]),
        contracts=tuple(CheckResult(**result) for result in stated["contracts"]),
    )


def standing_build_id(settings: Settings) -> str | None:
    """Return the finished build in the warehouse file, None when there is none."""
    return _stated_build(settings).get("build_id")


def _stated_build(settings: Settings) -> dict[str, Any]:
    file = _build_file(settings)
    return dict(json.loads(file.read_bytes())) if file.exists() else {}


def _has_been_shown(settings: Settings, build_id: str) -> bool:
    if published_build_id(settings) == build_id:
        log.info("build %s is already published: nothing new landed", build_id)
        return True
    if build_id in returned_from(settings):
        log.warning("build %s was rolled back and nothing landed since: it stays so", build_id)
        return True
    return False


def _clean_up(settings: Settings) -> None:
    """Remove what killed runs left where only the owner of the warehouse's lease writes."""
    for folder in (settings.warehouse, settings.marts_file.parent):
        sweep_partials(folder)
    sweep_own(settings)
    sweep_partials(settings.warehouse, "*.duckdb.tmp")  # what a killed dbt had spilled to disk


def _variables(settings: Settings, sources: Sequence[Source], landed: Landed) -> dict[str, Any]:
    """Return all that the models are told: no model has a clock or a setting of its own."""
    return {
        "known_on": f"{landed.known_on.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}",
        "as_of": landed.as_of(settings).isoformat(),
        "reporting_currency": settings.reporting_currency,
        "company_time_zone": settings.company_time_zone,
        "fiscal_year_start_month": settings.fiscal_year_start_month,
        "streams": {source.name: [stream.name for stream in source.streams] for source in sources},
    }


def _build(
    settings: Settings,
    lease: Lease,
    landed: Landed,
    variables: Mapping[str, Any],
    build_id: str,
    *,
    is_full: bool,
    is_judged: bool = True,
    contracts: Sequence[CheckResult] = (),
    engine: Engine | None = None,
) -> Build:
    begun = time.monotonic()
    engine = engine or duckdb_engine()
    wait_until_closed(settings.warehouse_file, settings.lease_wait_seconds)
    recipe = name_recipe(variables, engine)
    news = None if is_full else find_news(settings, landed, recipe)
    root = settings.landing_root
    refuse_damaged(root, (news or landed).files(root))
    refuse_damaged(root, landed_files(root, OWN))
    write_news(settings, news)
    if news is None:
        engine.clear(settings)
    _build_file(settings).unlink(missing_ok=True)  # until dbt is done the file holds no build
    forget_state(settings)
    write_index(landed, settings.warehouse / "batches.parquet")
    log.info("build %s: as of %s, known on %s", build_id, variables["as_of"], variables["known_on"])
    results = run_dbt(
        settings, variables, engine, lease=lease, is_full=news is None, is_judged=is_judged
    )
    keep_state(settings, landed, recipe)
    build = Build(
        build_id=build_id,
        known_on=landed.known_on,
        as_of=date.fromisoformat(variables["as_of"]),
        code_version=__version__,
        seconds=round(time.monotonic() - begun, 3),
        results=tuple(results),
        contracts=tuple(contracts),
    )
    partial = _build_file(settings).with_suffix(".partial")
    partial.write_text(json.dumps(asdict(build), default=str))
    partial.replace(_build_file(settings))
    return build


def _build_file(settings: Settings) -> Path:
    return settings.warehouse / "build.json"
