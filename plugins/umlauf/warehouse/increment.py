"""What the warehouse does not hold yet, or why all of it has to be built anew.

    <home>/warehouse/state.json      what went into the warehouse file; there only while it stands
    <home>/warehouse/news.parquet    the batches that this build adds

The state is removed before dbt writes and written once dbt is done: a build that was killed or that
failed leaves none, and the next one builds all anew. Whatever is in doubt is built anew as well.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from umlauf.landing.ledger import Landed
from umlauf.settings import Settings

log = logging.getLogger(__name__)

_NEWS_SCHEMA = pa.schema([(name, pa.string()) for name in ("source", "stream", "file")])


def news_file(settings: Settings) -> Path:
    """Return where the batches that a build adds are listed."""
    return settings.warehouse / "news.parquet"


def find_news(settings: Settings, landed: Landed, recipe: str) -> Landed | None:
    """Return the batches that the warehouse does not hold; None when all has to be built anew.

    `recipe` names all that a build is made of besides landing.
    """
    state = _read_state(settings)
    if reason := _reason_for_all(settings, state, landed, recipe):
        log.info("building all anew: %s", reason)
        return None
    held = set(state["batches"])
    new = [batch for batch in landed.batches if batch[0].name not in held]
    return Landed(batches=tuple(batch for batch in new if batch[0].kind != "declared"))


def write_news(settings: Settings, news: Landed | None) -> None:
    """List the files of the new batches for dbt; nothing when all is built anew."""
    rows = [
        {
            "source": about.source,
            "stream": about.stream,
            "file": str(about.file_below(settings.landing_root)),
        }
        for about, _ in (news.batches if news else ())
    ]
    file = news_file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=_NEWS_SCHEMA), file)


def forget_state(settings: Settings) -> None:
    """Say that the warehouse holds nothing certain: dbt is about to write."""
    _state_file(settings).unlink(missing_ok=True)


def set_doubtful_aside(settings: Settings) -> None:
    """Keep a warehouse file that no finished build stands behind as `.aside`, out of dbt's way.

    A run died over it, or its log cannot be replayed: whoever asks why can look, the next build
    begins with a new file. The one kept before is replaced.
    """
    file = settings.warehouse_file
    if not file.exists() or _read_state(settings).get("file") == _file_stamp(settings):
        return
    aside = file.with_name(f"{file.name}.aside")
    log.warning("%s holds no finished build: kept as %s", file, aside.name)
    file.replace(aside)
    write_ahead = file.with_name(f"{file.name}.wal")
    if write_ahead.exists():
        write_ahead.replace(file.with_name(f"{aside.name}.wal"))


def keep_state(settings: Settings, landed: Landed, recipe: str) -> None:
    """Say what the warehouse holds, once dbt has built it all and every test has passed."""
    state = {
        "recipe": recipe,
        "known_on": landed.known_on.isoformat(),
        "batches": landed.batch_ids,
        "file": _file_stamp(settings),
    }
    partial = _state_file(settings).with_suffix(".partial")
    partial.write_text(json.dumps(state))
    partial.replace(_state_file(settings))


def _reason_for_all(
    settings: Settings, state: Mapping[str, Any], landed: Landed, recipe: str
) -> str:
    if not state:
        return "no finished build stands in the warehouse"
    if state["file"] != _file_stamp(settings):
        return "the warehouse file is not the one that was built"
    if state["recipe"] != recipe:
        return "models, settings or code have changed"
    held = set(state["batches"])
    if not held <= set(landed.batch_ids):
        return "a batch is gone from landing, or was rewritten"
    known_on = datetime.fromisoformat(state["known_on"])
    late = [
        about.name
        for about, _ in landed.batches
        if about.kind != "declared" and about.name not in held and about.fetched_at <= known_on
    ]
    return f"{late[0]} was fetched before what is known already" if late else ""


def _read_state(settings: Settings) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads(_state_file(settings).read_bytes())
    except (OSError, ValueError):
        return {}
    return state


def _state_file(settings: Settings) -> Path:
    return settings.warehouse / "state.json"


def _file_stamp(settings: Settings) -> list[int]:
    """Return size and time of the warehouse file: whoever swaps or edits it changes them."""
    if not settings.warehouse_file.exists():
        return []
    stat = settings.warehouse_file.stat()
    return [stat.st_size, stat.st_mtime_ns]
