"""Names of jobs, runs and datasets, as OpenLineage has them.

https://openlineage.io/docs/spec/naming
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

from openlineage.client import event_v2, facet_v2

from umlauf import __version__
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.storage.bucket_path import SCHEME, BucketPath

PRODUCER = f"urn:umlauf:{__version__}"
_RUNS = UUID("5d8e5f3e-5a0c-4f0d-9a53-6f1f6a1b7c69")  # of all our runs, chosen once
_FILES = "file"

State = event_v2.RunState

facet_v2.set_producer(PRODUCER)


def run_id(settings: Settings, *parts: object) -> str:
    """Name a run after what it is about: told again, it is the same run."""
    own = (settings.tenant, *parts) if settings.tenant else parts
    return str(uuid5(_RUNS, "\0".join(map(str, own))))


def job(settings: Settings, name: str) -> event_v2.Job:
    """Return the job of that name; OPENLINEAGE_NAMESPACE says whose it is, and the tenant."""
    namespace = os.environ.get("OPENLINEAGE_NAMESPACE", "umlauf")
    if settings.tenant:
        namespace = f"{namespace}.{settings.tenant}"
    return event_v2.Job(namespace=namespace, name=name)


def event(
    state: State,
    moment: datetime,
    run: event_v2.Run,
    of_job: event_v2.Job,
    inputs: Sequence[event_v2.InputDataset] = (),
    outputs: Sequence[event_v2.OutputDataset] = (),
) -> event_v2.RunEvent:
    """Return the event that a run began or ended at the moment (aware)."""
    return event_v2.RunEvent(
        eventType=state,
        eventTime=moment.astimezone(UTC).isoformat(),
        run=run,
        job=of_job,
        inputs=list(inputs),
        outputs=list(outputs),
        producer=PRODUCER,
    )


def at_source(settings: Settings, source: Source, stream: str) -> event_v2.InputDataset:
    """Return a stream as its system has it."""
    return event_v2.InputDataset(namespace=settings.named(source.name), name=stream)


def landed(settings: Settings, source: str, stream: str) -> tuple[str, str]:
    """Return namespace and name of a stream in landing."""
    folder = settings.landing_root / source / stream
    if isinstance(folder, BucketPath):
        return f"{SCHEME}{folder.bucket_name}", str(folder.key)
    return _FILES, str(folder)


def in_warehouse(settings: Settings, relation: str) -> tuple[str, str]:
    """Return namespace and name of a relation (`core.dim_date`) in the warehouse."""
    return f"duckdb://{settings.warehouse_file}", relation


def published(settings: Settings, relation: str) -> tuple[str, str]:
    """Return namespace and name of a relation as readers see it."""
    return f"duckdb://{settings.marts_file}", relation


def failed(message: str) -> dict[str, facet_v2.RunFacet]:
    """Return the facet that says why a run failed."""
    facet = facet_v2.error_message_run.ErrorMessageRunFacet(
        message=message, programmingLanguage="python"
    )
    return {"errorMessage": facet}
