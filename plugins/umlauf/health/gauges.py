"""A status as Prometheus reads it: `umlauf status --prometheus > .../umlauf.prom`, by cron.

node_exporter's textfile collector serves that file. Moments are seconds since 1970: a rule like
`time() - umlauf_published_timestamp_seconds > 129600` holds also when nothing runs here any more.
https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from umlauf.health.status import Status


def exposition(found: Status, tenant: str | None = None) -> str:
    """Return the status in Prometheus's text format; of several companies each has its label."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Gauges(found, {"tenant": tenant} if tenant else {}))
    return generate_latest(registry).decode()


class _Gauges(Collector):
    """Turns one status into gauges; what is not known is left out."""

    def __init__(self, found: Status, own: dict[str, str]) -> None:
        self._found, self._own = found, own

    def collect(self) -> Iterator[Metric]:
        for metric in self._metrics():
            metric.samples = [one._replace(labels=self._own | one.labels) for one in metric.samples]
            yield metric

    def _metrics(self) -> Iterator[Metric]:
        found = self._found
        yield _gauge("status_timestamp_seconds", "When this was read.", [((), _stamp(found.at))])
        yield _gauge("is_well", "1 if nothing is wrong, else 0.", [((), float(found.is_well))])
        yield from _sources(found)
        yield from _published(found)
        yield from _queue(found)
        yield _gauge(
            "disk_bytes",
            "Bytes that lie on the disk, and that are free on it.",
            [((part,), size) for part, size in asdict(found.disk).items()],
            ["part"],
        )
        yield _gauge(
            "incidents_open",
            "What is wrong, and what is noted, by entry of the runbook.",
            _counted((one.entry, str(one.is_wrong).lower()) for one in found.troubles),
            ["entry", "is_wrong"],
        )


def _sources(found: Status) -> Iterator[Metric]:
    known = [one for one in found.sources if one.covered_until and one.landed_at]
    yield _gauge(
        "source_covered_timestamp_seconds",
        "End of the last window that all streams of the source have landed.",
        [((one.source,), _stamp(one.covered_until)) for one in known],
        ["source"],
    )
    yield _gauge(
        "source_landed_timestamp_seconds",
        "When that window had landed.",
        [((one.source,), _stamp(one.landed_at)) for one in known],
        ["source"],
    )
    yield _gauge(
        "source_age_seconds",
        "Since the end of that window, when this was read.",
        [((one.source,), one.age_seconds or 0.0) for one in known],
        ["source"],
    )


def _published(found: Status) -> Iterator[Metric]:
    if not found.build_id:
        return
    yield _gauge(
        "published_timestamp_seconds",
        "When the build that readers see was published.",
        [((), _stamp(found.published_at))],
    )
    yield _gauge("published_marts", "Marts of that build.", [((), found.marts)])
    yield _gauge("published_rows", "Rows in them.", [((), found.rows)])
    if found.build_seconds is not None:
        yield _gauge("build_seconds", "What dbt took for it.", [((), found.build_seconds)])
    yield _gauge(
        "checks",
        "Checks of that build: held, or the severity of what did not hold.",
        [((name,), count) for name, count in found.checks.items()],
        ["result"],
    )


def _queue(found: Status) -> Iterator[Metric]:
    waiting = {one.source: one for one in found.queue}
    names = [one.source for one in found.sources]
    for name, help_, counts in (
        ("queue_rows", "Rows that have landed since that build.", "rows"),
        ("queue_files", "Files that have landed since that build.", "files"),
    ):
        counted = [
            ((one,), getattr(waiting[one], counts) if one in waiting else 0) for one in names
        ]
        yield _gauge(name, help_, counted, ["source"])


def _gauge(
    name: str,
    text: str,
    values: Iterable[tuple[tuple[str, ...], float]],
    labels: Iterable[str] = (),
) -> Metric:
    family = GaugeMetricFamily(f"umlauf_{name}", text, labels=list(labels))
    for of, value in values:
        family.add_metric(of, value)
    return family


def _counted(keys: Iterable[tuple[str, ...]]) -> list[tuple[tuple[str, ...], float]]:
    counts: dict[tuple[str, ...], float] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return sorted(counts.items())


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
