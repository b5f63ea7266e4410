"""Two companies in one installation, landed, built and published in turn: nothing gets across."""

import logging
import os
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import psycopg2
import pytest

from tests.publish.postgres_server import running_postgres
from tests.tenants.company import END, HASTE, Company
from tests.tenants.finding import files_with, relations_with
from tests.tenants.serving import served
from umlauf.errors import ConfigError
from umlauf.nightly import Night, concluding, finish_night, land_one
from umlauf.publish.postgres.publish import publish_postgres
from umlauf.sandbox.clock import read_clock
from umlauf.settings import load_settings
from umlauf.transport.auth import load_connection

pytestmark = pytest.mark.e2e

ACME, GLOBEX = Company("acme", 7), Company("globex", 8)
BOTH = (ACME, GLOBEX)
EACH = pytest.mark.parametrize(("own", "other"), [(ACME, GLOBEX), (GLOBEX, ACME)])
SHARE = """
partner: Somebody
until: 2027-06-30
deliver_to: partner
most_rows: 20000
most_mb: 10
tables:
  - {mart: core.dim_product, name: products, columns: [product_id, product_name], rows: all}
"""


@dataclass(frozen=True)
class Installation:
    """All that there is, on one disk, in one environment and one PostgreSQL."""

    root: Path
    server: object

    def places(self, company):
        """Return every folder that is the company's alone."""
        named = ("var/tenants", "copies", "shares", "partners", "logs")
        return [self.root / place / company.tenant for place in named]

    def settings(self, company):
        return load_settings(tenant=company.tenant, sources=HASTE)

    def reader(self, company, database):
        secret = company.secret("reader")
        return self.server.session(f"bi_reader_{company.tenant}", secret, database)


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    root = tmp_path_factory.mktemp("installation")
    with ExitStack() as stack:
        server = stack.enter_context(running_postgres())
        known = {
            "UMLAUF_HOME": str(root / "var"),
            "UMLAUF_TENANTS": str(root / "tenants"),
            "UMLAUF_PARQUET_COPY": str(root / "copies"),
            "UMLAUF_SHARES": str(root / "shares"),
            "UMLAUF_POSTGRES_CONNECTION": "marts",
        }
        (root / "tenants").mkdir()
        for company in BOTH:
            known |= set_up(company, root, server, stack)
        stack.enter_context(mock.patch.dict(os.environ, known))
        made = Installation(root, server)
        nights(made)
        yield made


def set_up(company, root, server, stack):
    """Make a company, its database and its folders; return its connections."""
    tenant = company.tenant
    (root / "tenants" / f"{tenant}.toml").write_text("")
    (root / "shares" / tenant).mkdir(parents=True)
    (root / "shares" / tenant / "somebody.yml").write_text(SHARE)
    (root / "partners" / tenant).mkdir(parents=True)
    company.make(root / "companies" / tenant)
    secret = company.secret("publisher")
    for statement in (
        f"create role publisher_{tenant} login createrole password '{secret}'",
        f"create database {tenant} owner publisher_{tenant}",
    ):
        server.rows(statement, database="postgres")
    sources = stack.enter_context(served(root / "companies" / tenant, company.secret("source")))
    return company.connections(sources, server.port, root / "partners" / tenant)


def nights(installation):
    """Land both companies, then finish both nights: in turn, in this one process."""
    for work in (land, finish):
        for company in BOTH:
            with logged(installation.root / "logs" / company.tenant / "umlauf.log"):
                work(
                    installation.settings(company),
                    read_clock(installation.root / "companies" / company.tenant),
                )
    for company in BOTH:
        secret = company.secret("reader")
        installation.server.rows(
            f"alter role bi_reader_{company.tenant} login password '{secret}'", database="postgres"
        )


def land(settings, now):
    for name in HASTE:
        land_one(settings, name, END, clock=lambda: now)


def finish(settings, now):
    with concluding(settings, lambda: now):
        finish_night(Night(), settings, lambda: now)


@contextmanager
def logged(file):
    """Write all that is logged meanwhile to a file, as Airflow does for a task."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handler, root = logging.FileHandler(file), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()


@EACH
def test_nothing_of_one_is_found_where_the_other_keeps_its_own(installation, own, other):
    # Its name alone is in each of its paths, connection ids and database objects.
    words = {other.tenant, other.row, other.file, *other.secrets}

    for place in installation.places(own):
        assert files_with(place, words) == {}, place
    assert relations_with(installation.server, own.tenant, words) == {}


@EACH
def test_what_is_looked_for_is_where_it_belongs(installation, own, other):
    rows = {place: files_with(place, {own.row, own.file}) for place in installation.places(own)}
    home, copies, _, partner, _ = rows.values()

    for kept in ("landing/odoo/", "landing/hubspot/", "landing/bank/", "warehouse/", "marts/"):
        assert [name for name in home if name.startswith(kept)], kept
    assert [name for name in home if own.file in home[name]]
    assert copies
    assert {Path(name).suffix for name in partner} >= {".parquet", ".csv", ".xlsx"}
    assert files_with(installation.places(own)[-1], {f"tenants/{own.tenant}/"})
    assert relations_with(installation.server, own.tenant, {own.row})


@EACH
def test_no_secret_is_written_anywhere(installation, own, other):
    for place in installation.places(own):
        assert files_with(place, own.secrets) == {}, place
    assert relations_with(installation.server, own.tenant, own.secrets) == {}


@EACH
def test_a_reader_gets_into_its_own_database_alone(installation, own, other):
    session = installation.reader(own, own.tenant)
    with session.cursor() as cursor:
        cursor.execute("select count(*) from core.dim_product where product_name like %s", [
            f"%{own.row}%"
        ])  # fmt: skip
        assert cursor.fetchone()[0] > 0
    session.close()

    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        installation.reader(own, other.tenant)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        installation.server.session(f"bi_reader_{other.tenant}", own.secret("reader"), other.tenant)


@EACH
def test_marts_do_not_get_into_the_database_of_another(installation, own, other):
    settings = installation.settings(own)

    with pytest.raises(ConfigError, match=f"'{other.tenant}' holds the marts of {other.tenant}"):
        publish_postgres(settings, load_connection(f"{other.tenant}__marts"))

    assert relations_with(installation.server, other.tenant, {own.tenant}) == {}


@EACH
def test_a_tenant_without_a_connection_takes_nobody_else_s(installation, own, other, monkeypatch):
    monkeypatch.delenv(f"AIRFLOW_CONN_{own.tenant.upper()}__BANK_DEFAULT")
    monkeypatch.setenv("AIRFLOW_CONN_BANK_DEFAULT", f"file://{installation.root}")

    with pytest.raises(ConfigError, match=f"{own.tenant}__bank_default"):
        land_one(installation.settings(own), "bank", END)


def test_a_row_a_name_or_a_line_that_got_across_would_be_found(installation, tmp_path):
    place = tmp_path / "acme"
    shutil.copytree(installation.places(ACME)[0] / "landing", place / "landing")
    batch = next((installation.places(GLOBEX)[0] / "landing/hubspot/deals").rglob("*.parquet"))
    stray = place / "landing/hubspot/deals/day=2026-11-17/stray.parquet"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(batch.read_bytes())
    (place / "note.log").write_text(f"refused: {GLOBEX.secret('source')}")
    (place / GLOBEX.file).touch()

    found = files_with(place, {GLOBEX.row, GLOBEX.file, *GLOBEX.secrets})

    assert found == {
        str(stray.relative_to(place)): {GLOBEX.row},
        "note.log": {GLOBEX.secret("source")},
        GLOBEX.file: {GLOBEX.file},
    }
