"""What Odoo adds up itself: one request, every group a record as it came."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from tests.sources.odoo.test_odoo import DAY, client
from tests.transport.misbehaving_server import MisbehavingServer, Reply
from umlauf.errors import SourceChanged
from umlauf.sources.odoo import SOURCE
from umlauf.transport.decode import NO_STAMP

STOCK = SOURCE.stream("stock_quant_by_location")
REVENUE = SOURCE.stream("account_move_line_by_month")
PARTNERS = SOURCE.stream("account_move_line_by_partner")
REPORTS = [stream for stream in SOURCE.streams if stream.mode == "report"]


def group(stream, *labels, newest="2026-11-22 08:00:00", **figures):
    groups = dict(zip(stream.groupby, labels, strict=True))
    return groups | figures | {"__count": 2, "write_date:max": newest, "__extra_domain": []}


def read(stream, *groups):
    with MisbehavingServer(Reply(body=list(groups))) as server:
        (page,) = client(server.url).pages(stream, DAY, None)
    (request,) = server.requests
    return page, request


@pytest.mark.parametrize("stream", REPORTS, ids=lambda stream: stream.name)
def test_a_report_is_one_question_to_the_server_whatever_the_window(stream):
    page, request = read(stream)

    assert (page.keys, page.requests) == ([], 1)
    assert request.path == f"/json/2/{stream.path}/formatted_read_group"
    assert request.json == {
        "domain": [list(term) for term in stream.domain],
        "groupby": list(stream.groupby),
        "aggregates": list(stream.aggregates),
        "context": {"active_test": False},
    }


def test_what_is_asked_for_is_what_the_books_and_the_shelves_hold():
    assert STOCK.domain == (("location_id.usage", "in", ["internal", "transit"]),)
    assert STOCK.aggregates == ("quantity:sum", "value:sum", "__count", "write_date:max")
    assert REVENUE.groupby == ("company_id", "date:month")
    assert [term[0] for term in PARTNERS.domain] == ["parent_state", "account_id.account_type"]


def test_a_group_is_known_by_its_ids_and_as_new_as_its_newest_record():
    labels = [1, "Company"], [7, "Cable"], [8, "Shelf"]
    page, _ = read(STOCK, group(STOCK, *labels), group(STOCK, *labels[:2], False, newest=False))

    assert page.keys == ["1/7/8", "1/7/False"]
    assert page.versions == [datetime(2026, 11, 22, 8, tzinfo=UTC), NO_STAMP]


def test_a_month_is_known_by_its_first_day_and_its_text_is_kept():
    page, _ = read(REVENUE, group(REVENUE, [1, "C"], ["2026-02-01", "February 2026"], total=1.1))

    assert page.keys == ["1/2026-02-01"]
    assert '"total":1.1' in page.payloads[0].replace(" ", "")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([{"__count": 1, "write_date:max": False}], "expected 'company_id'; it has"),
        ([{"company_id": [1, "C"]}], "missing required field '__count'"),
        ({"groups": []}, "Expected 'array', came 'object'"),
    ],
)
def test_an_answer_of_another_shape_is_refused_by_name(body, said):
    with (
        MisbehavingServer(Reply(body=body)) as server,
        pytest.raises(SourceChanged, match=rf"^odoo\.stock_quant_by_location: .*{said}"),
    ):
        list(client(server.url).pages(STOCK, DAY, None))


def test_no_report_stands_beside_another_one():
    modes = [stream.mode for stream in SOURCE.streams]

    assert ("report", "report") not in pairwise(modes)
    assert modes[-1] != "report"
