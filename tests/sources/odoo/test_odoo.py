from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.sources.odoo.tiny_odoo import TinyOdoo
from tests.transport.misbehaving_server import MisbehavingServer, Reply
from umlauf.errors import ConfigError, SourceChanged, SourceDenied, SourceUnavailable
from umlauf.sources.odoo import SOURCE
from umlauf.sources.odoo.client import OdooClient
from umlauf.spec import Connection, Keys, Limits, Tally, Window
from umlauf.transport.retry import Pace

MOVES = SOURCE.stream("stock_move")
ONE_STAMP = "2026-11-22 08:00:00"
STAMP = datetime(2026, 11, 22, 8, tzinfo=UTC)
FULL = Window(start=SOURCE.start, end=datetime(2026, 11, 23, tzinfo=UTC), is_full=True)
DAY = Window(start=datetime(2026, 11, 22, tzinfo=UTC), end=datetime(2026, 11, 23, tzinfo=UTC))
LIMITS = Limits(requests_per_second=1e9, max_retries=1)


def client(url, **extra):
    connection = Connection(
        conn_id="erp", url=url, password="key", extra={"database": "sandbox", **extra}
    )
    return OdooClient(connection, LIMITS, pace=Pace(sleep=lambda _: None))


def read(odoo, stream=MOVES, window=DAY, after=None):
    with odoo.serve() as server:
        pages = list(client(server.url).pages(stream, window, after))
    return pages, Counter(request.path for request in server.requests)


def keys(pages):
    return [key for page in pages for key in page.keys]


def many(count):
    return TinyOdoo(records=dict.fromkeys(range(1, count + 1), ONE_STAMP))


def test_12_000_moves_on_one_stamp_lose_nothing_and_cost_a_known_number_of_requests():
    pages, asked = read(many(12_000))

    assert keys(pages) == [str(one) for one in range(1, 12_001)]
    assert asked == {"/json/2/stock.move/search_read": 13}
    assert sum(page.requests for page in pages) == 13


def test_a_short_page_is_not_taken_for_the_last():
    odoo = many(1_000)
    odoo.most_rows = 300

    assert len(keys(read(odoo)[0])) == 1_000


def test_a_cut_off_read_continues_where_it_stopped():
    whole, _ = read(many(2_500))

    rest, _ = read(many(2_500), after=whole[0].after)

    assert keys(whole[:1]) + keys(rest) == keys(whole)


def test_a_window_is_half_open_and_an_open_one_has_no_end():
    odoo = TinyOdoo(
        records={
            1: "2026-11-21 23:59:59",
            2: "2026-11-22 00:00:00",
            3: "2026-11-22 23:59:59",
            4: "2026-11-23 00:00:00",
        }
    )

    assert keys(read(odoo)[0]) == ["2", "3"]
    assert keys(read(odoo, window=replace(DAY, is_open=True))[0]) == ["2", "3", "4"]
    assert keys(read(odoo, window=FULL)[0]) == ["1", "2", "3", "4"]
    assert keys(read(odoo, SOURCE.stream("stock_warehouse"))[0]) == ["1", "2", "3", "4"]


def test_write_dates_are_utc():
    assert read(many(1))[0][0].versions == [STAMP]


def test_archived_records_are_read_and_counted():
    odoo = many(3)
    odoo.archived = {2}

    with odoo.serve() as server:
        ours = client(server.url)
        assert keys(ours.pages(MOVES, DAY, None)) == ["1", "2", "3"]
        assert keys(ours.census(MOVES)) == ["1", "2", "3"]
        assert ours.tally(MOVES) == Tally(total=3, newest=STAMP)


def test_the_census_counts_all_whatever_the_window():
    with many(25_000).serve() as server:
        pages = list(client(server.url).census(MOVES))

    assert [len(page.keys) for page in pages] == [10_000, 10_000, 5_000, 0]
    assert {version for page in pages for version in page.versions} == {STAMP}
    assert len(server.requests) == 4
    assert {tuple(request.json["fields"]) for request in server.requests} == {("write_date",)}


def test_an_empty_model_has_no_newest_stamp():
    with TinyOdoo().serve() as server:
        assert client(server.url).tally(MOVES) == Tally(total=0)


def test_records_of_a_census_come_by_id_and_those_gone_meanwhile_are_left_out():
    wanted = Keys(keys=["2", "3", "9"], versions=[STAMP] * 3)

    with many(5).serve() as server:
        pages = list(client(server.url).records(MOVES, wanted))

    assert keys(pages) == ["2", "3"]
    assert server.requests[0].json["fields"] == [*MOVES.fields, "create_date", "write_date"]


@pytest.mark.parametrize("companies", ["1,2", "[1, 2]", [1, 2]])
def test_login_fields_and_companies_are_sent(companies):
    with many(1).serve() as server:
        list(client(server.url, companies=companies).pages(MOVES, DAY, None))

    request = server.requests[0]
    assert request.headers["authorization"] == "bearer key"
    assert request.json["context"] == {"active_test": False, "allowed_company_ids": [1, 2]}
    assert request.json["fields"] == [*MOVES.fields, "create_date", "write_date"]


def test_a_server_that_ignores_our_order_is_stopped():
    reply = Reply(body=[{"id": 7, "write_date": ONE_STAMP}])

    with (
        MisbehavingServer(reply) as server,
        pytest.raises(SourceChanged, match=r"odoo\.stock_move: expected ids in growing order"),
    ):
        list(client(server.url).pages(MOVES, DAY, None))


def refusal(name, message):
    return {"name": name, "message": message, "arguments": [], "context": {}, "debug": "Traceback"}


INVALID_FIELD = refusal("builtins.ValueError", "Invalid field 'name' on 'stock.move'")
RULE = refusal("odoo.exceptions.AccessError", "You are not allowed to access 'Move'.\n\nDetails")
DEADLOCK = refusal("psycopg2.errors.SerializationFailure", "could not serialize access")


@pytest.mark.parametrize(
    ("reply", "error", "said", "requests"),
    [
        (
            Reply(status=500, body=INVALID_FIELD),
            SourceChanged,
            "ValueError: Invalid field 'name'",
            1,
        ),
        (Reply(status=403, body=RULE), SourceDenied, r"'Move'\.\. Check", 1),
        (Reply(status=500, body=DEADLOCK), SourceUnavailable, "could not serialize", 2),
        (Reply(status=404, body=refusal("x.NotFound", "no model")), SourceChanged, "no model", 1),
        (Reply(status=502, body=b"<html>"), SourceUnavailable, "HTTP 502; gave up", 2),
        (Reply(body={"id": 1}), SourceChanged, "Expected 'array', came 'object'", 1),
    ],
)
def test_odoos_refusals_come_through_as_one_sentence(reply, error, said, requests):
    with MisbehavingServer(reply) as server, pytest.raises(error, match=said) as caught:
        list(client(server.url).pages(MOVES, DAY, None))

    assert str(caught.value).startswith("odoo.stock_move: POST /json/2/stock.move/search_read: ")
    assert "Traceback" not in str(caught.value)
    assert len(server.requests) == requests


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"password": "key"}, "expected its host"),
        ({"url": "http://h"}, "expected its password"),
        ({"url": "http://h", "password": "k", "extra": {"companies": "a"}}, "company ids"),
    ],
)
def test_an_incomplete_connection_is_refused_before_any_request(settings, said):
    with pytest.raises(ConfigError, match=f"connection 'erp': .*{said}"):
        OdooClient(Connection(conn_id="erp", **settings), LIMITS)


def test_the_declaration_names_no_field_that_odoo_19_dropped():
    assert "name" not in MOVES.fields
    assert all(stream.census or stream.mode == "report" for stream in SOURCE.streams)
    assert {stream.name for stream in SOURCE.streams} >= {"product_value", "account_move_line"}
