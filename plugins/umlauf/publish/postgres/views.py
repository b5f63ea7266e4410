"""The views that readers see: of each mart the rows of the published build."""

from __future__ import annotations

from umlauf.publish.comments import quoted
from umlauf.publish.postgres.relations import STORE, Relation


def view_of(relation: Relation, reader: str) -> list[str]:
    """Return the statements that make a relation's view, say what it holds and let readers in."""
    columns = ", ".join(f'"{column.name}"' for column in relation.columns)
    # A statement looks the build up once, by the same picture of the database as all it reads.
    published = f"(select build_id from {STORE}.published)"
    return [
        f"create view {relation.relation} as select {columns} from {relation.parent} "
        f"where snapshot_id = {published}",
        f"grant select on {relation.relation} to {reader}",
        f"comment on view {relation.relation} is {quoted(relation.comment)}",
        *(
            f'comment on column {relation.relation}."{column.name}" is {quoted(column.comment)}'
            for column in relation.columns
            if column.comment
        ),
    ]
