"""Events of what has landed, and of what failed, read from landing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from openlineage.client import event_v2, facet_v2

from umlauf.events.naming import State, at_source, event, failed, job, landed, run_id
from umlauf.landing.batch import (
    BatchAbout,
    batch_files,
    fetched_text,
    read_about,
    read_counted,
    stamp_text,
)
from umlauf.landing.own_records import INCIDENTS, own_files
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.storage.bucket_path import AnyPath
from umlauf.storage.parquet import connect


def landing_events(
    settings: Settings, sources: Sequence[Source], after: datetime, until: datetime
) -> Iterator[event_v2.RunEvent]:
    """Yield the events of every window that was fetched behind `after`, up to `until` (UTC).

    A window that was cut off has begun and not ended; its rest begins anew.
    """
    for source in sources:
        for stream in source.streams:
            batches = [
                (read_about(file), file)
                for file in batch_files(settings.landing_root, source.name, stream.name)
                if stamp_text(after) < fetched_text(file) <= stamp_text(until)
            ]
            batches = [batch for batch in batches if batch[0].kind != "declared"]
            batches.sort(key=lambda batch: (_window(batch[0]), batch[0].fetched_at))
            for _, of_window in groupby(batches, key=lambda batch: _window(batch[0])):
                yield from _of_window(settings, source, list(of_window))


def failure_events(
    settings: Settings, after: datetime, until: datetime
) -> Iterator[event_v2.RunEvent]:
    """Yield the events of every failure noted behind `after`, up to `until` (aware UTC)."""
    if not (files := own_files(settings.landing_root, "incidents")):
        return
    with connect(settings.landing_root) as connection:
        noted = connection.execute(
            "select subject, kind, message, noted_at from "
            f"({INCIDENTS.format(records='read_parquet($files)')}) "
            "where not is_over and noted_at > $after and noted_at <= $until "
            "order by noted_at, subject",
            {"files": files, "after": _naive(after), "until": _naive(until)},
        ).fetchall()
    for subject, kind, message, noted_at in noted:
        moment = noted_at.replace(tzinfo=UTC)
        facets = failed(f"{kind}: {message}")
        run = event_v2.Run(runId=run_id(settings, subject, moment), facets=facets)
        of_job = job(settings, subject.replace(" ", "."))
        yield event(State.START, moment, event_v2.Run(runId=run.runId), of_job)
        yield event(State.FAIL, moment, run, of_job)


def _of_window(
    settings: Settings, source: Source, batches: Sequence[tuple[BatchAbout, AnyPath]]
) -> Iterator[event_v2.RunEvent]:
    first, last = batches[0][0], batches[-1][0]
    of_job = job(settings, f"land.{source.name}.{first.stream}")
    facets: dict[str, facet_v2.RunFacet] = {}
    if first.window_start and first.window_end:
        facets["nominalTime"] = facet_v2.nominal_time_run.NominalTimeRunFacet(
            nominalStartTime=first.window_start.isoformat(),
            nominalEndTime=first.window_end.isoformat(),
        )
    run = event_v2.Run(
        runId=run_id(settings, source.name, first.stream, *_window(first), first.fetched_at),
        facets=facets,
    )
    yield event(State.START, first.fetched_at, run, of_job)
    if any(about.is_complete for about, _ in batches):
        namespace, name = landed(settings, source.name, first.stream)
        counted = facet_v2.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
            rowCount=sum(read_counted(file)[1] for _, file in batches),
            size=sum(file.stat().st_size for _, file in batches),
            fileCount=len(batches),
        )
        output = event_v2.OutputDataset(
            namespace=namespace, name=name, outputFacets={"outputStatistics": counted}
        )
        inputs = [at_source(settings, source, first.stream)]
        yield event(State.COMPLETE, last.fetched_at, run, of_job, inputs, [output])


def _window(about: BatchAbout) -> tuple[str, ...]:
    return tuple(map(str, (about.kind, about.day, about.window_start, about.window_end)))


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
