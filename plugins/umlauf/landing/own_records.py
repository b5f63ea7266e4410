"""What Umlauf says of itself, landed like a source: builds and check results, kept for ever.

<landing>/umlauf/builds/day=.../    one record per build and mart
<landing>/umlauf/checks/day=.../    one record per build and check
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table

SOURCE = "umlauf"


def land_own(
    root: Path,
    stream: Literal["builds", "checks"],
    day: date,
    records: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> Path:
    """Land `records` by key; `at` (aware UTC) is their version and moment of fetching."""
    about = BatchAbout(
        source=SOURCE,
        stream=stream,
        day=day,
        fetched_at=at,
        is_complete=True,
        rows_fetched=len(records),
    )
    payloads = [json.dumps(record, default=str) for record in records.values()]
    rows = record_table(list(records), [at] * len(records), payloads, at)
    return commit_batch(root, about, rows)


def own_files(root: Path, stream: Literal["builds", "checks"]) -> Sequence[str]:
    """Return the landed files of one of our own streams."""
    return sorted(str(file) for file in (root / SOURCE / stream).glob("day=*/*.parquet"))
