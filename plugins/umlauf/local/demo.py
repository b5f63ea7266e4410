"""`make demo`, `make up`, `make down`, from the first check to the summary."""

from __future__ import annotations

import sys
import time
from datetime import UTC, date, datetime, timedelta

from rich.console import Console

from umlauf.errors import UmlaufError
from umlauf.local.board import Board, Step
from umlauf.local.credentials import USER, load_credentials
from umlauf.local.night import Follower, StepFailed, last_night, start_nights
from umlauf.local.platform import Platform
from umlauf.local.ports import HOST, Ports
from umlauf.local.postgres import marts_url
from umlauf.local.preflight import check_machine
from umlauf.local.readiness import PartFailed
from umlauf.local.record import end_all, read_record, record_file
from umlauf.local.summary import print_summary
from umlauf.orchestration.enabled import enabled_sources
from umlauf.publish.postgres.reader_role import READER
from umlauf.settings import Settings

NIGHTS = 4  # the first brings the whole history, then three as they come every night
_PATIENCE_SECONDS = 900.0
_DRAIN_SECONDS = 20.0


def last_nights(now: datetime, settings: Settings) -> list[date]:
    """Return the last business days whose night has come, oldest first."""
    last = last_night(now, settings.zone)
    return [last - timedelta(days=back) for back in reversed(range(NIGHTS))]


def run_demo(
    settings: Settings,
    ports: Ports,
    scale: float,
    since: float | None,
    *,
    workers: int = 0,
    is_staying: bool = False,
) -> None:
    """Run the last nights of the sandbox company through a real Airflow and sum them up.

    Raises:
        SystemExit: 1, after the step, its reason and the end of its log were shown.
        ConfigError: this machine lacks something; nothing was started.
    """
    begun = time.time()
    steps = run_nights(settings, ports, scale, workers=workers, is_staying=is_staying)
    print_summary(settings, steps, set_up_seconds=begun - since if since else None)
    if is_staying:
        _print_addresses(settings, ports)


def run_nights(
    settings: Settings, ports: Ports, scale: float, *, workers: int = 0, is_staying: bool = False
) -> list[Step]:
    """Start the platform, run the nights, stop it again unless it is staying; return the steps.

    Raises:
        SystemExit: as `run_demo`.
    """
    board = Board()
    check_machine(settings, ports, workers)
    platform = Platform(settings, ports, board)
    is_up = False
    try:
        with board.showing():
            platform.start(scale, is_staying=is_staying, workers=workers)
            _run(settings, platform, board, is_staying=is_staying)
        is_up = is_staying
    except (StepFailed, PartFailed) as error:
        _explain(board.console, error, error.log)
        sys.exit(1)
    except UmlaufError as error:
        _explain(board.console, error, [])
        sys.exit(1)
    finally:
        if not is_up:
            board.fail_open_steps()
            with board.showing(), board.step("stop everything"):
                platform.stop()
    return board.steps


def stop_platform(settings: Settings) -> str:
    """Stop what `umlauf up` started and say what was found."""
    record = read_record(settings.home)
    if record is None:
        return "nothing is running"
    was_alive = record.is_alive()
    end_all(record)
    record_file(settings.home).unlink(missing_ok=True)
    return "stopped" if was_alive else "nothing was running any more"


def _run(settings: Settings, platform: Platform, board: Board, *, is_staying: bool) -> None:
    sources = [source.name for source in enabled_sources(settings)]
    dag_ids = [*(f"land_{name}" for name in sources), "marts", "marts_deadline"]
    platform.wait_ready(dag_ids)
    nights = last_nights(datetime.now(UTC), settings)
    since = start_nights(platform.api, sources, nights)
    follower = Follower(platform.api, board, sources, nights, since)
    follower.follow(_PATIENCE_SECONDS)
    if is_staying:
        platform.api.set_paused("marts_deadline", is_paused=False)
    else:
        follower.drain(_DRAIN_SECONDS)


def _explain(console: Console, error: UmlaufError, log: list[str]) -> None:
    console.print("\n".join(log), style="dim", markup=False, highlight=False, soft_wrap=True)
    console.print(f"FAILED: {error}", style="bold red", markup=False, soft_wrap=True)


def _print_addresses(settings: Settings, ports: Ports) -> None:
    keys = load_credentials(settings.home)
    console = Console(highlight=False)
    console.print(
        f"Airflow       http://{HOST}:{ports.airflow}  ({USER} / {keys.password})", markup=False
    )
    console.print(f"sandbox       http://{HOST}:{ports.sandbox}  (SFTP on {ports.sftp})")
    if not settings.postgres_connection:
        url = marts_url(ports.postgres, keys.reader_password, READER)
        console.print(f"PostgreSQL    {url}", markup=False)
    console.print(f"morning page  http://{HOST}:{ports.page}")
    console.print(f"operations    http://{HOST}:{ports.page}/operations.html")
    console.print("dashboards    make superset")
    console.print("stop it with  make down")
