"""What HubSpot itself counts per stage: the totals of searches."""

from datetime import UTC, datetime

from tests.sources.hubspot.reading import DAY, client
from tests.transport.misbehaving_server import MisbehavingServer, Reply
from umlauf.sources.hubspot import SOURCE
from umlauf.transport.decode import NO_STAMP

BY_STAGE = SOURCE.stream("deals_by_stage")
STAMP = "2026-11-22T08:00:00.000Z"
STAGES = {"new": 12, "won": 0}


def answer(request):
    if request.path == "/crm/v3/pipelines/deals":
        stages = [{"id": stage, "label": stage.title()} for stage in STAGES]
        # A second pipeline may show the same stage; it is counted once.
        return Reply(body={"results": [{"stages": stages}, {"stages": stages[:1]}]})
    (term,) = request.json["filterGroups"][0]["filters"]
    total = STAGES[term["value"]]
    newest = [{"id": "7", "properties": {"hs_lastmodifieddate": STAMP}}] if total else []
    return Reply(body={"total": total, "results": newest})


def read():
    with MisbehavingServer(answer=answer) as server:
        (page,) = client(server.url).pages(BY_STAGE, DAY, None)
    return page, server.requests


def test_every_stage_is_a_record_with_the_searchs_own_total():
    page, requests = read()

    assert page.keys == ["new", "won"]
    assert page.versions == [datetime(2026, 11, 22, 8, tzinfo=UTC), NO_STAMP]
    assert '"total":12' in page.payloads[0].replace(" ", "")
    assert page.requests == len(requests) == 3


def test_one_deal_is_asked_for_the_newest_of_its_stage():
    _, requests = read()

    assert requests[1].path == "/crm/v3/objects/deals/search"
    assert requests[1].json == {
        "filterGroups": [
            {"filters": [{"propertyName": "dealstage", "operator": "EQ", "value": "new"}]}
        ],
        "properties": ["hs_lastmodifieddate"],
        "sorts": [{"propertyName": "hs_lastmodifieddate", "direction": "DESCENDING"}],
        "limit": 1,
    }


def test_the_report_is_read_right_before_its_deals():
    names = [stream.name for stream in SOURCE.streams]

    assert names.index("deals") == names.index("deals_by_stage") + 1
