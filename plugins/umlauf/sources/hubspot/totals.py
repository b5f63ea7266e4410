"""What HubSpot itself counts per deal stage: the totals of searches, for it has no report API.

A search gives a number of deals and no sum of their amounts.
"""

from __future__ import annotations

from typing import Any

import msgspec

from umlauf.sources.hubspot.answers import Counted, Results, StageIds
from umlauf.sources.hubspot.heads import object_reader, stamp_name
from umlauf.spec import Page, Stream
from umlauf.transport.budget import Budget
from umlauf.transport.decode import NO_STAMP, json_reader, text_of
from umlauf.transport.http import Ask, Session

PIPELINES = "/crm/v3/pipelines/deals"


def stage_totals(session: Session, budget: Budget, stream: Stream) -> Page:
    """Return one search answer per stage of any pipeline: its total, and its newest deal."""
    sent = session.requests
    keys, versions, payloads = [], [], []
    path = f"/crm/v3/objects/{stream.path}/search"
    where = f"hubspot.{stream.name}: POST {path}"
    read, read_text = json_reader(Counted, where), json_reader(msgspec.Raw, where)
    for stage in _stages(session, stream):
        ask = Ask(
            method="POST",
            path=path,
            stream=stream.name,
            json=_newest_of(stream, stage),
            budget=budget,
        )
        raw = session.send(ask, read_text)
        _, stamps, _ = object_reader(stream).read(read(bytes(raw)).results)
        keys.append(stage)
        versions.append(max(stamps, default=NO_STAMP))
        payloads.append(text_of(raw, where))
    return Page(keys=keys, versions=versions, payloads=payloads, requests=session.requests - sent)


def _stages(session: Session, stream: Stream) -> list[str]:
    ask = Ask(method="GET", path=PIPELINES, stream=stream.name)
    where = f"hubspot.{stream.name}: GET {PIPELINES}"
    pipelines = session.send(ask, json_reader(Results, where)).results
    read = json_reader(StageIds, where)
    found = [stage.id for pipeline in pipelines for stage in read(bytes(pipeline)).stages]
    return list(dict.fromkeys(found))


def _newest_of(stream: Stream, stage: str) -> dict[str, Any]:
    (group,), stamp = stream.groupby, stamp_name(stream)
    is_in_stage = {"propertyName": group, "operator": "EQ", "value": stage}
    return {
        "filterGroups": [{"filters": [is_in_stage]}],
        "properties": [stamp],
        "sorts": [{"propertyName": stamp, "direction": "DESCENDING"}],
        "limit": 1,
    }
