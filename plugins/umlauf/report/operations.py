"""One index for whoever runs it: `<home>/reports/operations.html`, and the pages it leads to.

operations.html    what is wrong, how things stand, where to look
columns.html       what each column of a mart is made of
models.html        dbt's docs
data_docs/         every check in full, written by the gates
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import duckdb

from umlauf.health.lines import status_lines
from umlauf.health.status import Status
from umlauf.landing.janitor import sweep_partials
from umlauf.report.html import csp_hash, in_a_script, templates, write_page
from umlauf.report.model_docs import model_docs
from umlauf.settings import Settings
from umlauf.warehouse.build import standing_build_id

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
PAGES = (
    ("index.html", "Morning page", "Pipeline, stock and cash; for those who decide."),
    ("data_docs/index.html", "Checks", "Great Expectations' Data Docs: every check in full."),
    ("models.html", "Models", "dbt's docs: models, columns, tests, SQL, lineage graph."),
    ("columns.html", "Columns", "What each column of a mart is made of."),
)
_ROWS = """
    select mart, mart_column, subject, subject_column from trust.column_lineage order by all
"""


def write_operations(settings: Settings, status: Status) -> Path:
    """Write the index and the pages of the published build; the caller holds the report's lease."""
    for name in ("operations", "columns", "models"):
        sweep_partials(settings.reports, f"{name}.*.partial")
    if (rows := _column_rows(settings)) is not None:
        script = (_HERE / "columns.js").read_text()
        write_page(
            settings.reports / "columns.html",
            _page("columns", build_id=status.build_id, rows=rows, script=script,
                  script_hash=csp_hash(script)),
        )  # fmt: skip
    # dbt's manifest is that of the build in the warehouse; after a rollback it is another.
    if standing_build_id(settings) == status.build_id:
        try:
            write_page(settings.reports / "models.html", model_docs(settings))
        except LookupError as error:
            log.warning("%s", error)
    target = settings.reports / "operations.html"
    pages = [page for page in PAGES if (settings.reports / page[0]).exists()]
    lines = list(status_lines(status, settings.zone))
    return write_page(
        target,
        _page(
            "operations", title=settings.title, tenant=settings.tenant, status=status,
            zone=settings.zone, pages=pages, lines=lines,
        ),
    )  # fmt: skip


def _column_rows(settings: Settings) -> str | None:
    """Return the rows as JSON for a script, None if the snapshot is of before there were any."""
    with duckdb.connect(settings.marts_file, read_only=True) as marts:
        try:
            rows = marts.execute(_ROWS).fetchall()
        except duckdb.CatalogException:
            return None
    return in_a_script(rows)


def _page(name: str, **values: Any) -> str:
    return templates().get_template(f"{name}.html.j2").render(**values)
