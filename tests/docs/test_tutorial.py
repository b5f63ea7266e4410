"""The tutorial's connections and landings, as printed, against the systems of a small company."""

import json
import re
import shlex
from datetime import date

import pytest
from click.testing import CliRunner

from tests.docs.commands import ROOT, read_commands
from umlauf.cli import umlauf
from umlauf.sandbox.company import make
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.servers import running

pytestmark = pytest.mark.integration

TYPED = [c.text for c in read_commands(ROOT / "docs" / "tutorial.md") if c.is_whole]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """Serve a company; return the connections that its people would enter."""
    home = tmp_path_factory.mktemp("tutorial")
    make(home, scale=0.05, seed=7, end=date(2026, 11, 17), months=3)
    with running(
        home, limits=RateLimits(requests_per_second=0, searches_per_second=0)
    ) as addresses:
        entered = connections(addresses)
        yield {name: json.loads(text) for name, text in entered.items()}


def printed(variable):
    """Return the values that the tutorial gives a variable, in its order."""
    words = [shlex.split(text) for text in TYPED if text.startswith(f"export {variable}=")]
    return [each[1].partition("=")[2] for each in words]


def test_hubspot_lands_with_the_printed_connection(sandbox, monkeypatch, tmp_path):
    meant = sandbox["AIRFLOW_CONN_HUBSPOT_DEFAULT"]
    (text,) = printed("AIRFLOW_CONN_HUBSPOT_DEFAULT")
    filled = json.loads(text) | {"host": meant["host"], "password": meant["password"]}

    assert json.loads(text).keys() == {"conn_type", "password"}
    assert landed("hubspot", json.dumps(filled), monkeypatch, tmp_path) == 2


def test_odoo_lands_with_the_printed_connection(sandbox, monkeypatch, tmp_path):
    meant = sandbox["AIRFLOW_CONN_ODOO_DEFAULT"]
    (text,) = printed("AIRFLOW_CONN_ODOO_DEFAULT")

    assert shape(json.loads(text)) == shape(meant)
    assert landed("odoo", json.dumps(meant), monkeypatch, tmp_path) == 2


def test_the_bank_lands_from_the_printed_folder(sandbox, monkeypatch, tmp_path):
    text, _ = printed("AIRFLOW_CONN_BANK_DEFAULT")
    filled = text.replace("file:///srv/bank/inbox", sandbox["AIRFLOW_CONN_BANK_DEFAULT"]["host"])

    assert landed("bank", filled, monkeypatch, tmp_path) == 1


def test_the_bank_lands_from_the_printed_sftp_server(sandbox, monkeypatch, tmp_path):
    (meant,) = sandbox["AIRFLOW_CONN_BANK_DEFAULT"]["extra"]["places"]
    host, port, folder = re.fullmatch(r"sftp://([^:/]+):(\d+)/?(.*)", meant["url"]).groups()
    printed_one = json.loads(printed("AIRFLOW_CONN_BANK_DEFAULT")[1])
    filled = printed_one | {
        "host": host,
        "port": int(port),
        "schema": folder,
        "login": meant["login"],
        "password": meant["password"],
        "extra": {"host_key": meant["host_key"]},
    }

    assert printed_one["extra"].keys() == {"host_key"}
    assert landed("bank", json.dumps(filled), monkeypatch, tmp_path) == 1


def landed(source, connection, monkeypatch, home):
    """Type the tutorial's commands for a source; return how many landings there were."""
    monkeypatch.setenv(f"AIRFLOW_CONN_{source.upper()}_DEFAULT", connection)
    monkeypatch.setenv("UMLAUF_HOME", str(home))
    monkeypatch.setenv(f"UMLAUF_SOURCES__{source.upper()}__REQUESTS_PER_SECOND", "1000000")
    wanted = (f"umlauf land {source}", f"umlauf contract diff {source}")
    typed = [text for text in TYPED if text.startswith(wanted)]
    for text in typed:
        done = CliRunner().invoke(umlauf, shlex.split(text)[1:])
        assert done.exit_code == 0, done.output
    rows = [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) (?:rows|records)", done.stdout)]
    assert sum(rows) > 0
    return sum(" land " in text for text in typed)


def shape(value):
    """Return the names in a JSON object, all the way down."""
    return {k: shape(v) for k, v in value.items()} if isinstance(value, dict) else None
