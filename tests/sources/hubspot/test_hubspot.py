import json
from dataclasses import replace

import pytest

from tests.sources.hubspot.reading import (
    DAY,
    DEALS,
    FULL,
    LIMITS,
    LINKS,
    ONE_STAMP,
    STAMP,
    client,
    keys,
    many,
    read,
)
from tests.sources.hubspot.tiny_hubspot import TinyHubspot
from tests.transport.misbehaving_server import MisbehavingServer, Reply
from umlauf.errors import ConfigError, SourceChanged, SourceDenied, SourceUnavailable
from umlauf.sources.hubspot import SOURCE
from umlauf.sources.hubspot.client import HubspotClient
from umlauf.spec import Connection


def test_more_than_10_000_deals_on_one_stamp_lose_nothing_and_cost_a_known_number_of_requests():
    pages, asked = read(many(12_000))

    assert sorted(keys(pages), key=int) == [str(9_000 + one) for one in range(12_000)]
    assert asked == {"v3/objects/deals/search": 60, "v3/objects/deals/batch/read": 240}
    assert sum(page.requests for page in pages) == 300
    assert {page.total for page in pages} == {12_000}


def test_the_first_window_lists_everything_and_asks_for_history():
    pages, asked = read(many(120), window=FULL)

    assert len(keys(pages)) == 120
    assert asked == {"v3/objects/deals": 3}
    assert pages[-1].after is None
    assert json.loads(pages[0].payloads[0])["propertiesWithHistory"] == {"dealstage": []}
    assert pages[0].versions[0] == STAMP


@pytest.mark.parametrize("window", [FULL, DAY])
def test_a_cut_off_read_continues_where_it_stopped(window):
    hubspot = many(450)
    whole, _ = read(hubspot, window=window)

    rest, _ = read(hubspot, window=window, after=whole[0].after)

    assert keys(whole[:1]) + keys(rest) == keys(whole)


def test_a_window_is_half_open_and_an_open_one_has_no_end():
    hubspot = TinyHubspot(
        deals={
            "1": "2026-11-21T23:59:59.999Z",
            "2": "2026-11-22T00:00:00.000Z",
            "3": "2026-11-22T23:59:59.999Z",
            "4": "2026-11-23T00:00:00.000Z",
        }
    )

    assert sorted(keys(read(hubspot)[0])) == ["2", "3"]
    assert sorted(keys(read(hubspot, window=replace(DAY, is_open=True))[0])) == ["2", "3", "4"]


@pytest.mark.parametrize("window", [FULL, DAY])
def test_associations_come_for_every_deal_and_an_empty_list_is_news(window):
    hubspot = TinyHubspot(
        deals={"7": ONE_STAMP, "8": ONE_STAMP, "9": ONE_STAMP}, links={"7": [1], "9": [2, 3]}
    )

    pages, asked = read(hubspot, LINKS, window)

    landed = dict(zip(pages[0].keys, map(json.loads, pages[0].payloads), strict=True))
    assert landed["7"] == {"from": {"id": "7"}, "to": [{"toObjectId": 1}]}
    assert landed["8"] == {"from": {"id": "8"}, "to": []}
    assert [end["toObjectId"] for end in landed["9"]["to"]] == [2, 3]
    assert pages[0].versions == [STAMP] * 3
    assert asked["v4/associations/deals/companies/batch/read"] == 1


def test_a_long_list_of_associations_is_joined_from_its_pages():
    hubspot = TinyHubspot(deals={"7": ONE_STAMP}, links={"7": [1, 2, 3, 4, 5]}, links_a_page=2)

    pages, asked = read(hubspot, LINKS)

    assert [end["toObjectId"] for end in json.loads(pages[0].payloads[0])["to"]] == [1, 2, 3, 4, 5]
    assert asked["v4/associations/deals/companies/batch/read"] == 3


def test_a_page_of_associations_that_does_not_come_is_no_end_of_the_list():
    class Forgetful(TinyHubspot):
        def associations(self, body):
            is_next = "after" in body["inputs"][0]
            return Reply(body={"results": []}) if is_next else super().associations(body)

    with pytest.raises(SourceUnavailable, match="record '7': page '2' was promised"):
        read(Forgetful(deals={"7": ONE_STAMP}, links={"7": [1, 2, 3]}, links_a_page=2), LINKS)


def test_one_association_request_serves_a_thousand_deals():
    pages, asked = read(many(2_100), LINKS, FULL)

    assert len(keys(pages)) == 2_100
    assert asked == {"v3/objects/deals": 21, "v4/associations/deals/companies/batch/read": 3}
    assert sum(page.requests for page in pages) == 24


def found(*ids, total=None, after=None):
    records = [{"id": one, "properties": {"hs_lastmodifieddate": ONE_STAMP}} for one in ids]
    page = {"results": records, "total": len(ids) if total is None else total}
    return Reply(body=page | ({"paging": {"next": {"after": after}}} if after else {}))


def test_an_empty_or_half_search_page_does_not_end_the_search():
    script = iter(
        [
            found("1", "2", total=4, after="2"),
            Reply(body={"results": json.loads(json.dumps(found("1", "2").body["results"]))}),
            found(total=2, after="2"),
            found("5", "6", total=2),
            Reply(body={"results": found("5", "6").body["results"]}),
        ]
    )

    with MisbehavingServer(answer=lambda _: next(script)) as server:
        pages = list(client(server.url).pages(DEALS, DAY, None))

    assert keys(pages) == ["1", "2", "5", "6"]


def test_a_search_that_ignores_our_filter_is_stopped():
    again = found("1", "2", total=9)

    with (
        MisbehavingServer(again) as server,
        pytest.raises(SourceChanged, match=r"hubspot\.deals: expected ids in growing order"),
    ):
        list(client(server.url).pages(DEALS, DAY, None))


def test_a_list_whose_token_repeats_is_stopped():
    with (
        MisbehavingServer(found("1", after="1")) as server,
        pytest.raises(SourceChanged, match=r"hubspot\.deals: page token '1' repeats"),
    ):
        list(client(server.url).pages(DEALS, FULL, None))


def test_a_record_without_its_stamp_is_named():
    reply = Reply(body={"results": [{"id": "42", "properties": {"hs_lastmodifieddate": None}}]})

    with (
        MisbehavingServer(reply) as server,
        pytest.raises(SourceChanged, match=r"hubspot\.deals: record '42': Expected 'datetime'"),
    ):
        list(client(server.url).pages(DEALS, FULL, None))


REFUSAL = {
    "status": "error",
    "message": "This app hasn't been granted all required scopes",
    "correlationId": "a-b-c",
    "category": "MISSING_SCOPES",
    "errors": [{"message": "One or more of the following scopes are required."}],
}


@pytest.mark.parametrize(
    ("reply", "error", "said", "requests"),
    [
        (Reply(status=403, body=REFUSAL), SourceDenied, r"MISSING_SCOPES.*correlationId a-b-c", 1),
        (Reply(status=400, body=REFUSAL), SourceChanged, r"HTTP 400: MISSING_SCOPES", 1),
        (Reply(status=429, body={"policyName": "DAILY"}), SourceUnavailable, "HTTP 429", 1),
        (Reply(status=500, body=b"<html>"), SourceUnavailable, "gave up after 2 tries", 2),
    ],
)
def test_hubspots_refusals_come_through_as_one_sentence(reply, error, said, requests):
    with MisbehavingServer(reply) as server, pytest.raises(error, match=said) as caught:
        list(client(server.url).pages(DEALS, FULL, None))

    assert str(caught.value).startswith("hubspot.deals: GET /crm/v3/objects/deals: ")
    assert len(server.requests) == requests


def test_a_batch_error_of_another_kind_is_not_taken_for_deleted():
    batch = {"results": [], "errors": [{"category": "INTERNAL", "context": {"ids": ["1"]}}]}
    script = iter([found("1"), Reply(status=207, body=batch)])

    with (
        MisbehavingServer(answer=lambda _: next(script)) as server,
        pytest.raises(SourceUnavailable, match=r"hubspot\.deals: a batch came with INTERNAL"),
    ):
        list(client(server.url).pages(DEALS, DAY, None))


def test_owners_who_left_are_read_too():
    def answer(request):
        one = "9" if request.query["archived"] == "true" else "1"
        owner = {"id": one, "updatedAt": ONE_STAMP, "archived": one == "9"}
        return Reply(body={"results": [owner]})

    with MisbehavingServer(answer=answer) as server:
        pages = list(client(server.url).pages(SOURCE.stream("owners"), DAY, None))
        rest = list(client(server.url).pages(SOURCE.stream("owners"), DAY, pages[0].after))

    assert keys(pages) == ["1", "9"]
    assert keys(rest) == ["9"]


def test_a_renamed_stage_makes_a_new_version_of_its_pipeline():
    stage = {"id": "won", "updatedAt": ONE_STAMP}
    pipeline = {"id": "default", "updatedAt": "2020-01-01T00:00:00Z", "stages": [stage]}

    with MisbehavingServer(Reply(body={"results": [pipeline]})) as server:
        (page,) = client(server.url).pages(SOURCE.stream("pipelines"), DAY, None)

    assert page.versions == [STAMP]


def test_an_expired_oauth_token_is_refreshed():
    def answer(request):
        if request.path == "/oauth/v3/token":
            assert request.body.count(b"=") == 4
            return Reply(body={"access_token": "new", "expires_in": 1800})
        if request.headers["authorization"] == "Bearer new":
            return found("1")
        return Reply(status=401)

    oauth = {"client_id": "a", "client_secret": "b", "refresh_token": "c"}
    with MisbehavingServer(answer=answer) as server:
        pages = list(client(server.url, **oauth).pages(DEALS, FULL, None))

    assert keys(pages) == ["1"]


@pytest.mark.parametrize("extra", [{}, {"refresh_token": "c"}])
def test_a_connection_without_login_is_refused_before_any_request(extra):
    with pytest.raises(ConfigError, match="connection 'crm'"):
        HubspotClient(Connection(conn_id="crm", extra=extra), LIMITS)
