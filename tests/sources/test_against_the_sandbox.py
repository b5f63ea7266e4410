"""The production clients against the sandbox's HubSpot and Odoo, over real HTTP."""

import json
import socket
import sqlite3
import threading
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
import uvicorn

from umlauf.sandbox.clock import read_clock
from umlauf.sandbox.company import make
from umlauf.sandbox.serve.web import app
from umlauf.sources.registry import find_source
from umlauf.spec import Connection, Keys, Limits, Tally, Window

pytestmark = pytest.mark.integration

ALL = [(name, stream) for name in ("hubspot", "odoo") for stream in find_source(name).streams]
STREAMS = [one for one in ALL if one[1].mode != "report"]
REPORTS = [one for one in ALL if one[1].mode == "report"]
COUNT = """
    with shown as (
        select *, row_number() over (partition by id order by visible_from desc) as age
        from record where object = ? and visible_from <= ?
    )

    select count(*) from shown
    where age = 1 and payload is not null and (archived_at is null or object = 'owners')
        and modified_at >= ? and modified_at < ?
"""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    make(home, scale=0.05, seed=7, end=date(2026, 11, 20))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app(home), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield home, f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def clients(sandbox):
    _, url = sandbox
    limits = Limits(requests_per_second=1000)
    opened = {
        "hubspot": find_source("hubspot").connect(
            Connection(conn_id="crm", url=f"{url}/hubspot", password="sandbox-token"), limits
        ),
        "odoo": find_source("odoo").connect(
            Connection(
                conn_id="erp",
                url=f"{url}/odoo",
                password="sandbox-key",
                extra={"database": "sandbox"},
            ),
            limits,
        ),
    }
    yield opened
    for client in opened.values():
        client.close()


def stored(home, stream, window):
    moments = (read_clock(home), window.start, window.end)
    kind = stream.name if stream.name in ("owners", "pipelines") else stream.path
    asked = (kind, *(round(moment.timestamp() * 1000) for moment in moments))
    with sqlite3.connect(home / "sandbox" / "company.sqlite") as store:
        return store.execute(COUNT, asked).fetchone()[0]


def fetched(client, stream, window):
    return [key for page in client.pages(stream, window, None) for key in page.keys]


@pytest.mark.parametrize(("system", "stream"), STREAMS, ids=lambda one: getattr(one, "name", one))
def test_a_first_window_brings_all_there_is_and_a_later_one_what_changed(
    sandbox, clients, system, stream
):
    home, _ = sandbox
    now = read_clock(home)
    first = Window(start=find_source(system).start, end=now, is_full=True, is_open=True)
    month = Window(start=now - timedelta(days=30), end=now - timedelta(days=1))

    everything = fetched(clients[system], stream, first)

    assert len(set(everything)) == len(everything) == stored(home, stream, first)
    if stream.mode == "windowed":
        changed = fetched(clients[system], stream, month)
        assert len(set(changed)) == len(changed) == stored(home, stream, month)
    if stream.census:
        listed = list(clients[system].census(stream))
        keys = [key for some in listed for key in some.keys]
        stamps = [stamp for some in listed for stamp in some.versions]
        assert keys == everything
        assert clients[system].tally(stream) == Tally(total=len(keys), newest=max(stamps))
        half = Keys(keys=keys[::2], versions=stamps[::2])
        pages = list(clients[system].records(stream, half))
        assert [key for page in pages for key in page.keys] == half.keys
        assert [stamp for page in pages for stamp in page.versions] == half.versions


@pytest.mark.parametrize(("system", "stream"), REPORTS, ids=lambda one: getattr(one, "name", one))
def test_a_report_adds_up_every_record_behind_it_once(sandbox, clients, system, stream):
    home, _ = sandbox
    start, now = find_source(system).start, read_clock(home)
    window = Window(start=start, end=now, is_full=True, is_open=True)
    records = replace(stream, mode="windowed")

    (page,) = clients[system].pages(stream, window, None)

    groups = [json.loads(payload) for payload in page.payloads]
    counts = [group["total"] if system == "hubspot" else group["__count"] for group in groups]
    assert len(set(page.keys)) == len(page.keys) > 1
    assert sum(counts) == len(fetched(clients[system], records, window)) > 0
