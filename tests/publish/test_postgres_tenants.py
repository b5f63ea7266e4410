"""Two tenants in one PostgreSQL: a database and a reader each, and no way across."""

from dataclasses import replace

import psycopg2
import pytest

from tests.tenants.finding import relations_with
from umlauf.errors import ConfigError
from umlauf.publish.postgres.publish import publish_postgres

pytestmark = pytest.mark.integration

ONE = "20260401T030000Z-0123456789"


@pytest.fixture
def databases(server):
    """Return the server with a database and a publisher, no superuser, of each tenant."""
    for tenant in ("acme", "globex"):
        for statement in (
            f"drop database if exists {tenant} with (force)",
            f"drop role if exists bi_reader_{tenant}, publisher_{tenant}",
            f"create role publisher_{tenant} login createrole password 'p'",
            f"create database {tenant} owner publisher_{tenant}",
        ):
            server.rows(statement, database="postgres")
    return server


def publish(server, settings, tenant, database):
    connection = replace(
        server.connection,
        url=f"postgresql://127.0.0.1:{server.port}/{database}",
        login=f"publisher_{database}",
        password="p",
    )
    publish_postgres(settings.model_copy(update={"tenant": tenant}), connection)


def test_a_reader_of_one_gets_into_no_database_of_the_other(databases, settings, show):
    show(ONE)
    for tenant in ("acme", "globex"):
        publish(databases, settings, tenant, tenant)
        databases.rows(
            f"alter role bi_reader_{tenant} login password 'r'",
            user="postgres",
            database="postgres",
        )

    who = {"user": "bi_reader_acme", "password": "r"}
    count = "select count(*) from pipeline.fct_deal"
    assert databases.rows(count, **who, database="acme") == [(10,)]
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        databases.rows(count, **who, database="globex")


def test_a_connection_to_another_s_database_changes_nothing_there(databases, settings, show):
    show(ONE)
    publish(databases, settings, "globex", "globex")

    for tenant, whose in (("acme", "acme"), (None, "one company")):
        with pytest.raises(ConfigError, match=f"holds the marts of globex, not of {whose}"):
            publish(databases, settings, tenant, "globex")

    assert relations_with(databases, "globex", {"acme"}) == {}
    assert relations_with(databases, "globex", {"the crm's."})  # a comment on a column


def test_a_tenant_does_not_take_over_the_database_of_the_one_company(server, settings, show):
    show(ONE)
    publish_postgres(settings, server.connection)
    acme = settings.model_copy(update={"tenant": "acme"})

    with pytest.raises(ConfigError, match="'marts' holds the marts of one company, not of acme"):
        publish_postgres(acme, server.connection)

    assert server.seen() == [(ONE, ONE, ONE, 10)]
