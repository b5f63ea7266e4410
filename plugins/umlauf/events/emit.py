"""Emit what has happened and has not been told; state decides what, so nothing is lost.

<home>/lineage/2026-11-23.jsonl    one event a line; the last 30 days
<home>/lineage/told.json           up to which moment and build it has been told

Where OPENLINEAGE_URL, OPENLINEAGE_CONFIG or OPENLINEAGE__TRANSPORT__... say so the events go there
instead, as OpenLineage's own client reads them; OPENLINEAGE_DISABLED=true turns them off.
https://openlineage.io/docs/client/python
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from umlauf.health.snapshot import read_published
from umlauf.landing.commits import counting
from umlauf.landing.lease import hold_lease
from umlauf.landing.run import Clock, utc_now
from umlauf.settings import Settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse.build import standing_build_id

if TYPE_CHECKING:
    from openlineage.client import OpenLineageClient, event_v2

log = logging.getLogger(__name__)

_KEPT_FILES = 30
_WAIT_SECONDS = 60.0
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_ELSEWHERE = ("OPENLINEAGE_URL", "OPENLINEAGE_CONFIG", "OPENLINEAGE__TRANSPORT")


def emit_quietly(settings: Settings, *, clock: Clock = utc_now) -> None:
    """Emit what has happened; a fault here is in the log alone, and the next run tells it."""
    if os.environ.get("OPENLINEAGE_DISABLED", "").strip().lower() == "true":
        return
    try:
        emit(settings, clock=clock)
    except Exception as error:
        log.warning("lineage: not all was told; the next run tells it: %s", error)


def emit(settings: Settings, *, clock: Clock = utc_now) -> int:
    """Emit what has happened since the last time and return how many events that were.

    Killed in between, the next run tells it again: a run has the same id then.

    Raises:
        LeaseBusy: another run is telling it.
    """
    with hold_lease(settings.leases, "lineage", _WAIT_SECONDS):
        with counting(settings.leases, settings.lease_wait_seconds):
            now = clock()  # nothing that lands from here on is stamped before it
        told = _told(settings)
        client, count = _client(settings, now), 0
        try:
            shown = read_published(settings.marts_file)
            for one in _events(settings, told, now, shown):
                client.emit(one)
                count += 1
        finally:
            client.close(timeout=_WAIT_SECONDS)
        _note(settings, {"until": now.isoformat(), "build_id": shown.build_id})
        _prune(settings)
    log.info("lineage: %d events", count)
    return count


def _events(
    settings: Settings, told: dict[str, Any], until: datetime, shown: Any
) -> Iterator[event_v2.RunEvent]:
    from umlauf.events.builds import build_events
    from umlauf.events.landings import failure_events, landing_events

    after = datetime.fromisoformat(told["until"]) if "until" in told else _BEGINNING
    yield from landing_events(settings, all_sources(), after, until)
    yield from failure_events(settings, after, until)
    is_news = shown.build_id and shown.build_id != told.get("build_id")
    if is_news and standing_build_id(settings) == shown.build_id:
        yield from build_events(settings, shown)


def _client(settings: Settings, now: datetime) -> OpenLineageClient:
    from openlineage.client import OpenLineageClient
    from openlineage.client.transport.file import FileConfig, FileTransport

    if any(name.startswith(_ELSEWHERE) for name in os.environ):
        return OpenLineageClient()
    file = _folder(settings) / f"{now.astimezone(settings.zone):%Y-%m-%d}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    return OpenLineageClient(
        transport=FileTransport(FileConfig(log_file_path=str(file), append=True))
    )


def _told(settings: Settings) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads((_folder(settings) / "told.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return told


def _note(settings: Settings, told: dict[str, Any]) -> None:
    file = _folder(settings) / "told.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(told))
    partial.replace(file)


def _prune(settings: Settings) -> None:
    for file in sorted(_folder(settings).glob("*.jsonl"), reverse=True)[_KEPT_FILES:]:
        file.unlink()


def _folder(settings: Settings) -> Path:
    return settings.home / "lineage"
