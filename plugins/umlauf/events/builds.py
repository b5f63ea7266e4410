"""Events of the last build: one run per model below the run of dbt, and one of publishing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from openlineage.client import event_v2, facet_v2

from umlauf.events.naming import State, event, in_warehouse, job, landed, published, run_id
from umlauf.health.snapshot import Published
from umlauf.publish.column_lineage import Column, kept_columns
from umlauf.publish.marts import marts_of
from umlauf.settings import Settings
from umlauf.warehouse.dbt import read_manifest

_BUILD, _PUBLISH = "build", "publish"


def build_events(settings: Settings, shown: Published) -> Iterator[event_v2.RunEvent]:
    """Yield the events of the build that stands in the warehouse, which readers are `shown`."""
    nodes = read_manifest(settings)["nodes"]
    columns = kept_columns(settings)
    results = json.loads((settings.warehouse / "dbt" / "run_results.json").read_bytes())["results"]
    timed = [
        (nodes[result["unique_id"]], *when)
        for result in results
        if result["unique_id"] in nodes and (when := _moments(result))
    ]
    run = event_v2.Run(runId=run_id(settings, _BUILD, shown.build_id))
    if timed:
        yield event(State.START, min(begun for _, begun, _ in timed), run, job(settings, _BUILD))
        for node, begun, ended in timed:
            if node["resource_type"] == "model":
                yield from _of_model(settings, shown.build_id, node, nodes, columns, begun, ended)
        yield event(State.COMPLETE, max(ended for *_, ended in timed), run, job(settings, _BUILD))
    yield from _of_publishing(settings, shown)


def _of_model(
    settings: Settings,
    build_id: str,
    node: Mapping[str, Any],
    nodes: Mapping[str, Any],
    columns: Mapping[str, Mapping[str, list[Column]]],
    begun: datetime,
    ended: datetime,
) -> Iterator[event_v2.RunEvent]:
    relation = _relation(node)
    parent = facet_v2.parent_run.ParentRunFacet(
        run=facet_v2.parent_run.Run(runId=run_id(settings, _BUILD, build_id)),
        job=facet_v2.parent_run.Job(namespace=job(settings, _BUILD).namespace, name=_BUILD),
    )
    run = event_v2.Run(
        runId=run_id(settings, _BUILD, build_id, relation), facets={"parent": parent}
    )
    of_job = job(settings, f"{_BUILD}.{relation}")
    namespace, name = in_warehouse(settings, relation)
    made_of = columns.get(relation, {})
    facets: dict[str, facet_v2.DatasetFacet] = {"schema": _schema(node, list(made_of))}
    if any(made_of.values()):
        facets["columnLineage"] = _column_lineage(settings, made_of)
    yield event(State.START, begun, run, of_job)
    yield event(
        State.COMPLETE,
        ended,
        run,
        of_job,
        [event_v2.InputDataset(*one) for one in sorted(_inputs(settings, node, nodes))],
        [event_v2.OutputDataset(namespace=namespace, name=name, facets=facets)],
    )


def _of_publishing(settings: Settings, shown: Published) -> Iterator[event_v2.RunEvent]:
    if shown.published_at is None:
        return
    run, relations = (
        event_v2.Run(runId=run_id(settings, _PUBLISH, shown.build_id)),
        list(marts_of(settings)),
    )
    yield event(State.START, shown.published_at, run, job(settings, _PUBLISH))
    yield event(
        State.COMPLETE,
        shown.published_at,
        run,
        job(settings, _PUBLISH),
        [event_v2.InputDataset(*in_warehouse(settings, mart.relation)) for mart in relations],
        [event_v2.OutputDataset(*published(settings, mart.relation)) for mart in relations],
    )


def _inputs(
    settings: Settings, node: Mapping[str, Any], nodes: Mapping[str, Any]
) -> set[tuple[str, str]]:
    """Return what the model reads: relations of the warehouse, and streams in landing."""
    found = set()
    for name in node["depends_on"]["nodes"]:
        kind, _, source, *stream = name.split(".")
        if kind == "source":
            found.add(landed(settings, source, stream[0]))
        elif name in nodes:
            found.add(in_warehouse(settings, _relation(nodes[name])))
    return found


def _schema(
    node: Mapping[str, Any], names: list[str]
) -> facet_v2.schema_dataset.SchemaDatasetFacet:
    described = node["columns"]
    return facet_v2.schema_dataset.SchemaDatasetFacet(
        fields=[
            facet_v2.schema_dataset.SchemaDatasetFacetFields(
                name=name,
                type=described.get(name, {}).get("data_type"),
                description=described.get(name, {}).get("description"),
            )
            for name in names or described
        ]
    )


def _column_lineage(
    settings: Settings, made_of: Mapping[str, list[Column]]
) -> facet_v2.column_lineage_dataset.ColumnLineageDatasetFacet:
    of = facet_v2.column_lineage_dataset
    return of.ColumnLineageDatasetFacet(
        fields={
            name: of.Fields(
                inputFields=[
                    of.InputField(*in_warehouse(settings, relation), field=column)
                    for relation, column in origins
                ]
            )
            for name, origins in made_of.items()
            if origins
        }
    )


def _moments(result: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """Return when a node began and ended, None of one that was skipped."""
    moments = [
        datetime.fromisoformat(phase[name])
        for phase in result["timing"]
        for name in ("started_at", "completed_at")
        if phase.get(name)
    ]
    return (min(moments), max(moments)) if moments else None


def _relation(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node['name']}"
