"""What Umlauf says of itself, landed like a source: builds, forecasts, checks, incidents...

<landing>/umlauf/builds/day=.../    one record per published build and mart
<landing>/umlauf/forecasts/day=.../ one record per published forecast, never changed
<landing>/umlauf/checks/day=.../    one record per build and check, published or not
<landing>/umlauf/incidents/day=.../ one record per failure (umlauf.landing.incidents)
<landing>/umlauf/alerts/day=.../    one record per thing told and target (umlauf.alert.told)
<landing>/umlauf/erasures/day=.../  one record per erased record (umlauf.landing.erasures)
<landing>/umlauf/batches/day=.../   one record per batch that a build met (umlauf.landing.counted)

Builds and forecasts are landed once readers see them (umlauf.warehouse.published). Check results
are landed when they are there: that a build failed its gate did happen, though nobody saw it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

import pyarrow as pa

from umlauf.landing.batch import BatchAbout, commit_batch, declare_stream
from umlauf.landing.columns import record_table
from umlauf.storage.bucket_path import AnyPath

SOURCE = "umlauf"
OwnStream = Literal["builds", "forecasts", "checks", "incidents", "alerts", "erasures", "batches"]

# `trust.build` from own records: the newest of each build and mart.
BUILDS = """
    select
        payload ->> '$.build_id' as build_id,
        payload ->> '$.mart' as mart,
        cast(payload ->> '$.known_on' as timestamp) as known_on,
        cast(payload ->> '$.as_of' as date) as as_of_date,
        payload ->> '$.code_version' as code_version,
        cast(payload ->> '$.build_seconds' as double) as build_seconds,
        cast(payload ->> '$.rows' as bigint) as row_count,
        payload ->> '$.content_hash' as content_hash,
        fetched_at as published_at
    from {records}
    qualify row_number() over (partition by record_key order by fetched_at desc) = 1
"""
# `trust.quality_result` from own records.
CHECKS = """
    select
        payload ->> '$.build_id' as build_id,
        payload ->> '$.tool' as tool,
        payload ->> '$.subject' as subject,
        payload ->> '$.check' as check_name,
        payload ->> '$.severity' as severity,
        cast(payload ->> '$.passed' as boolean) as is_passed,
        cast(payload ->> '$.failures' as bigint) as failures,
        payload ->> '$.why' as why,
        payload ->> '$.message' as message,
        fetched_at as checked_at
    from {records}
    -- A build that is checked again is judged anew: the last run's results, none of those before.
    qualify fetched_at = max(fetched_at) over (partition by payload ->> '$.build_id')
"""

# `trust.incident` from own records.
INCIDENTS = """
    select
        record_key as subject,
        payload ->> '$.kind' as kind,
        payload ->> '$.message' as message,
        is_deleted as is_over,
        fetched_at as noted_at
    from {records}
"""

# `trust.erasure` from own records.
ERASURES = """
    select
        payload ->> '$.source' as source,
        payload ->> '$.stream' as stream,
        payload ->> '$.key_sha256' as key_sha256,
        payload ->> '$.because' as because,
        cast(payload ->> '$.versions' as bigint) as versions,
        json_array_length(payload, '$.batches') as batches,
        fetched_at as erased_at
    from {records}
"""


def declare_own(root: AnyPath) -> None:
    """Make the streams that models read readable before the first publishing."""
    declare_stream(root, SOURCE, "forecasts", datetime(1970, 1, 1, tzinfo=UTC))


def land_own(
    root: AnyPath,
    stream: OwnStream,
    day: date,
    records: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> AnyPath:
    """Land `records` by key; `at` (aware UTC) is their version and moment of fetching."""
    about = BatchAbout(
        source=SOURCE,
        stream=stream,
        day=day,
        fetched_at=at,
        is_complete=True,
        rows_fetched=len(records),
    )
    return commit_batch(root, about, own_rows(records, at))


def own_rows(records: Mapping[str, Mapping[str, Any]], at: datetime) -> pa.Table:
    """Return `records` by key as they are landed."""
    payloads = [json.dumps(record, default=str) for record in records.values()]
    return record_table(list(records), [at] * len(records), payloads, at)


def own_files(root: AnyPath, stream: OwnStream) -> Sequence[str]:
    """Return the landed files of one of our own streams."""
    return sorted(str(file) for file in (root / SOURCE / stream).glob("day=*/*.parquet"))
