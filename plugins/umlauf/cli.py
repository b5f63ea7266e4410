"""`umlauf`: argument parsing only; each command is one call into the package.

Results go to stdout, progress and logs to stderr. Exit codes: 0 ok, 1 data failed, 2 usage.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import click

from umlauf.errors import ConfigError, UmlaufError, storage_failed, visible
from umlauf.progress import Progress
from umlauf.settings import load_settings
from umlauf.tenants import meaning

DAY = click.DateTime(["%Y-%m-%d"])


class _Commands(click.Group):
    """Turns our errors into one line and an exit code; loads subcommands only when asked for."""

    lazy: ClassVar = {
        "airflow": "umlauf.local.cli:airflow",
        "alert": "umlauf.alert.cli:alert",
        "backfill": "umlauf.backfill.cli:backfill",
        "backtest": "umlauf.warehouse.cli:backtest",
        "bank": "umlauf.formats.cli:bank",
        "chaos": "umlauf.chaos.cli:chaos",
        "contract": "umlauf.quality.cli:contract",
        "copy": "umlauf.publish.cli:copy",
        "dashboards": "umlauf.local.cli:dashboards",
        "demo": "umlauf.local.cli:demo",
        "down": "umlauf.local.cli:down",
        "erase": "umlauf.erasure.cli:erase",
        "metrics": "umlauf.metrics.cli:metrics",
        "query": "umlauf.publish.cli:query",
        "rollback": "umlauf.publish.cli:rollback",
        "sandbox": "umlauf.sandbox.cli:sandbox",
        "share": "umlauf.share.cli:share",
        "snapshots": "umlauf.publish.cli:snapshots",
        "status": "umlauf.health.cli:status",
        "tenants": "umlauf.orchestration.cli:tenants",
        "up": "umlauf.local.cli:up",
        "verify": "umlauf.health.cli:verify",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, name = self.lazy[cmd_name].split(":")
        command: click.Command = getattr(__import__(module, fromlist=[name]), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _progress(ctx):
                return super().invoke(ctx)
        except UmlaufError as error:
            click.echo(f"umlauf: {error}", err=True)
            sys.exit(2 if isinstance(error, ConfigError) else 1)
        except BrokenPipeError:  # whoever read has read enough, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:  # a full disk, a lost mount: no traceback says more than its name
            click.echo(f"umlauf: {storage_failed(error)}", err=True)
            sys.exit(1)


# They draw themselves, hand the terminal to somebody else, or fork, which wants no thread.
_ON_THEIR_OWN = frozenset({"airflow", "chaos", "dashboards", "demo", "sandbox", "up"})


def _progress(ctx: click.Context) -> AbstractContextManager[object]:
    """Return what shows on a terminal that a silent command is at work."""
    words = sys.argv[1:]
    named = words[:3]  # the command, behind `--tenant acme` perhaps
    if ctx.params["verbose"] or not sys.stderr.isatty() or _ON_THEIR_OWN.intersection(named):
        return nullcontext()
    return Progress(sys.stderr, f"umlauf {' '.join(words)}")


class _OneLine(logging.Formatter):
    """Outside text in a message writes no lines or colours of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the base's name
        return visible(super().formatMessage(record))


@click.group(cls=_Commands)
@click.option("--verbose", "-v", is_flag=True, help="Log every step, not only what went wrong.")
@click.option("--tenant", help="Of several companies the one that is meant, as UMLAUF_TENANT says.")
@click.version_option(package_name=None, version="0.1.0", prog_name="umlauf")
@click.pass_context
def umlauf(ctx: click.Context, verbose: bool, tenant: str | None) -> None:
    """Every night, one trusted picture of deal -> stock -> cash."""
    if tenant is not None:
        ctx.with_resource(meaning(tenant))
    logging.getLogger("umlauf").setLevel(logging.INFO)  # progress shows what the log does not
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.INFO if verbose else logging.WARNING)
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


@umlauf.command()
def settings() -> None:
    """Print the settings in force and where each came from; secrets are not settings."""
    from umlauf.origins import explain

    for name, value, origin in explain(load_settings()):
        click.echo(f"{name:<28} {value!s:<40} {origin}")


@umlauf.command()
def sources() -> None:
    """List the sources, their streams and their owners."""
    from umlauf.sources.registry import all_sources

    for source in all_sources():
        names = ", ".join(stream.name for stream in source.streams)
        click.echo(f"{source.name:<10} {source.owner:<16} {names}")


@umlauf.command()
@click.argument("source")
@click.argument("streams", nargs=-1)
@click.option("--day", type=DAY, help="Business day; default: the last complete one.")
@click.option("--full", is_flag=True, help="Read every record again, as after a restored backup.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def land(
    source: str, streams: tuple[str, ...], day: datetime | None, full: bool, as_json: bool
) -> None:
    """Land one business day of SOURCE (all its STREAMS, or those named)."""
    from umlauf.nightly import land_one

    chosen = day.date() if day else None
    report = land_one(load_settings(), source, chosen, streams, is_full=full)
    if as_json:
        click.echo(json.dumps(report.to_dict()))
        return
    for stream in report.streams:
        click.echo(
            f"{source}.{stream.stream:<28} {stream.rows:>9,} rows {stream.deleted:>6,} deleted "
            f"{stream.requests:>6,} requests {stream.seconds:>8.1f} s"
        )


@umlauf.command()
@click.option("--day", type=DAY, help="Business day; default: the last complete one.")
@click.option("--json", "as_json", is_flag=True, help="Print the seconds per step as JSON.")
def nightly(day: datetime | None, as_json: bool) -> None:
    """Land, build, check, publish and report one night, without Airflow."""
    from umlauf.nightly import run_night

    _print_night(run_night(load_settings(), day.date() if day else None), as_json)


@umlauf.command()
@click.option("--force", is_flag=True, help="Build and publish although nothing new landed.")
@click.option("--full", is_flag=True, help="Read all of landing again, as into a new warehouse.")
@click.option("--known-on", type=DAY, help="Rebuild the picture of this business day's night.")
@click.option("--out", type=Path, help="File for the picture of a past night.")
@click.option("--target", type=click.Choice(["duckdb", "spark"]), default="duckdb",
              help="Engine; what Spark builds is compared with DuckDB's.")  # fmt: skip
def build(
    force: bool, full: bool, known_on: datetime | None, out: Path | None, target: str
) -> None:
    """Build, check and publish what landed since the last build; or rebuild a past picture."""
    from umlauf.nightly import Night, concluding, finish_night, rebuild_night

    if (known_on is None) != (out is None):
        raise click.UsageError("--known-on and --out go together")
    if target == "spark" and (known_on or force):
        raise click.UsageError("--target spark goes with --full alone")
    if target == "spark":
        _build_on_spark(full)
        return
    if known_on and out:
        _print_past(rebuild_night(load_settings(), known_on.date(), out))
        return
    settings, night = load_settings(), Night()
    with concluding(settings):
        finish_night(night, settings, is_forced=force, is_full=full)
    _print_night(night, as_json=False)


def _build_on_spark(full: bool) -> None:
    from umlauf.publish.engines import compare_with_spark
    from umlauf.sources.registry import all_sources
    from umlauf.warehouse.on_spark import build_on_spark

    settings = load_settings()
    built = build_on_spark(settings, all_sources(), is_full=full)
    click.echo(f"{'build marts on spark':<28} {built.seconds:>8.1f} s")
    if settings.spark.connection:  # its files lie where the cluster keeps them
        return
    compared = compare_with_spark(settings)
    differing = [one.mart for one in compared if not one.is_same]
    click.echo(f"{len(compared) - len(differing)} of {len(compared)} marts say what DuckDB's say")
    for name in differing:
        click.echo(f"not as on DuckDB: {name}")
    sys.exit(1 if differing else 0)


@umlauf.command()
def restore() -> None:
    """Build warehouse and snapshot again from landing alone; exit 1 if they say something else."""
    from umlauf.nightly import restore as restore_marts

    restored = restore_marts(load_settings())
    _print_night(restored.night, as_json=False)
    click.echo(f"{'in all':<28} {sum(restored.night.seconds.values()):>8.1f} s")
    same = restored.recorded - len(restored.changed)
    click.echo(f"{same} of {restored.recorded} marts say what was published last")
    _print_changed(restored.changed, restored.erased)
    sys.exit(1 if restored.changed else 0)


@umlauf.command()
def report() -> None:
    """Write the morning page from the published marts and print where it is."""
    from umlauf.landing.run import utc_now
    from umlauf.report.page import write_report

    click.echo(write_report(load_settings(), at=utc_now()))


@umlauf.command("new-source")
@click.argument("name")
def new_source(name: str) -> None:
    """Write the four places of a source called NAME, ready to be filled in."""
    from umlauf.sources.scaffold import write_source

    for file in write_source(name, Path.cwd()):
        click.echo(file)


def _print_night(night: Any, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"build_id": night.build_id, "seconds": night.seconds}))
    else:
        for step, seconds in night.seconds.items():
            click.echo(f"{step:<28} {seconds:>8.1f} s")
        click.echo(f"published {night.build_id}" if night.build_id else "nothing new to publish")
    if night.late:
        for late, reason in night.late.items():
            click.echo(f"late: {late}: {reason}", err=True)
        sys.exit(1)


def _print_past(past: Any) -> None:
    build = past.build
    click.echo(f"{past.file}: as of {build.as_of}, known on {build.known_on:%Y-%m-%d %H:%M:%S} UTC")
    if past.published:
        same = past.published - len(past.changed)
        click.echo(f"{same} of {past.published} marts say what was published that night")
    else:
        click.echo("nothing was published that night")
    _print_changed(past.changed, past.erased)


def _print_changed(changed: Iterable[str], erased: Mapping[str, str]) -> None:
    for name in changed:
        why = erased.get(name, "models, settings or landing have changed since")
        click.echo(f"not as published: {name}; {why}")


def main() -> None:
    """Entry point of the `umlauf` command."""
    umlauf(prog_name="umlauf")


if __name__ == "__main__":
    main()
