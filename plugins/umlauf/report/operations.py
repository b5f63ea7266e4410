"""One index for whoever runs it: `<home>/reports/operations.html`, and the pages it leads to.

operations.html    what is wrong, how things stand, where to look
columns.html       what each column of a mart is made of
models.html        dbt's docs
data_docs/         every check in full, written by the gates
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from umlauf.health.lines import status_lines
from umlauf.health.status import Status
from umlauf.landing.janitor import sweep_partials
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
        _write(
            settings.reports / "columns.html",
            _page("columns", build_id=status.build_id, rows=rows, script=script,
                  script_hash=_csp_hash(script)),
        )  # fmt: skip
    # dbt's manifest is that of the build in the warehouse; after a rollback it is another.
    if standing_build_id(settings) == status.build_id:
        try:
            _write(settings.reports / "models.html", model_docs(settings))
        except LookupError as error:
            log.warning("%s", error)
    target = settings.reports / "operations.html"
    pages = [page for page in PAGES if (settings.reports / page[0]).exists()]
    lines = list(status_lines(status, settings.zone))
    return _write(
        target, _page("operations", status=status, zone=settings.zone, pages=pages, lines=lines)
    )


def _column_rows(settings: Settings) -> str | None:
    """Return the rows as JSON for a script, None if the snapshot is of before there were any."""
    with duckdb.connect(settings.marts_file, read_only=True) as marts:
        try:
            rows = marts.execute(_ROWS).fetchall()
        except duckdb.CatalogException:
            return None
    return json.dumps(rows, separators=(",", ":")).replace("<", "\\u003c")


def _page(name: str, **values: Any) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{name}.html.j2").render(**values)


def _write(target: Path, text: str) -> Path:
    partial = target.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    return partial.replace(target)


def _csp_hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
