from datetime import datetime

import pytest

from tests.sandbox.serve.small_store import TIE, TIES

pytestmark = pytest.mark.integration


def condition(name, operator, value=None, **more):
    return {"propertyName": name, "operator": operator, "value": value, **more}


def milliseconds(stamp):
    return str(round(datetime.fromisoformat(stamp).timestamp() * 1000))


def found(answer):
    assert answer.status_code == 200, answer.text
    return [int(one["id"]) for one in answer.json()["results"]]


def test_more_deals_than_the_ceiling_on_one_stamp_are_all_found_by_id(caller):
    window = [condition("hs_lastmodifieddate", "GTE", milliseconds(TIE)),
              condition("hs_lastmodifieddate", "LTE", milliseconds(TIE))]  # fmt: skip
    ids, last = [], 0
    while True:
        filters = [*window, condition("hs_object_id", "GT", str(last))]
        page = found(caller.search(filters=filters, sorts=["hs_object_id"], limit=200))
        if not page:
            break
        ids, last = ids + page, page[-1]

    assert ids == list(range(1000, 1000 + TIES))


def test_one_search_ends_at_its_ten_thousandth_result(caller):
    filters = [condition("hs_lastmodifieddate", "EQ", milliseconds(TIE))]
    last = caller.search(filters=filters, limit=200, after="9800")
    beyond = caller.search(filters=filters, limit=200, after=last.json()["paging"]["next"]["after"])

    assert len(found(last)) == 200
    assert last.json()["total"] == TIES
    assert beyond.status_code == 400
    assert beyond.json()["status"] == "error"
    assert beyond.json()["category"] == "VALIDATION_ERROR"


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ([condition("dealname", "EQ", "Ähre")], [11]),
        ([condition("amount", "GT", "100")], [11]),
        ([condition("amount", "GT", "1"), condition("amount", "LT", "50")], []),
        ([condition("amount", "BETWEEN", "100", highValue="101")], [11]),
        ([condition("hs_object_id", "IN", values=["11", "12", "1003"])], [11, 1003]),
        ([condition("dealstage", "NEQ", "closedlost")], [11]),
        ([condition("dealstage", "NOT_IN", values=["closedlost"])], [11]),
        ([condition("amount", "NOT_HAS_PROPERTY")], []),
        ([condition("dealname", "HAS_PROPERTY"), condition("hs_object_id", "LT", "1001")],
         [11, 1000]),
        ([condition("hs_lastmodifieddate", "GT", milliseconds(TIE))], [11]),
        ([condition("hs_lastmodifieddate", "GT", "2026-11-10T11:00:00+01:00")], [11]),
        ([condition("createdate", "LT", "2026-11-01")], []),
    ],
)  # fmt: skip
def test_filters_select(caller, filters, ids):
    answer = caller.search(filters=filters, limit=200)

    assert found(answer) == ids
    assert answer.json()["total"] == len(ids)


def test_groups_are_alternatives_and_filters_in_a_group_are_not(caller):
    groups = [
        {"filters": [condition("dealname", "EQ", "T1000")]},
        {"filters": [condition("amount", "GT", "50"), condition("dealname", "EQ", "ähre")]},
    ]
    answer = caller.hubspot("/crm/v3/objects/deals/search", {"filterGroups": groups})

    assert found(answer) == [11, 1000]


def test_contacts_have_a_stamp_of_another_name(caller):
    since = milliseconds("2026-11-02T06:00:00+00:00")
    answer = caller.search("contacts", [condition("lastmodifieddate", "GTE", since)])
    wrong = caller.search("contacts", [condition("hs_lastmodifieddate", "GTE", since)])

    assert found(answer) == [2, 3]
    assert wrong.status_code == 400


def test_a_sort_may_go_down_and_paging_follows_it(caller):
    sort = [{"propertyName": "hs_object_id", "direction": "DESCENDING"}]
    first = caller.search(sorts=sort, limit=2)
    second = caller.search(sorts=sort, limit=2, after=first.json()["paging"]["next"]["after"])

    assert found(first) + found(second) == [11049, 11048, 11047, 11046]


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"sorts": ["amount", "dealname"]},
        {"filterGroups": [{"filters": [condition("amount", "GT", "1")] * 7}]},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [condition("amount", "GT", "much")]}]},
        {"filterGroups": [{"filters": [condition("hs_lastmodifieddate", "GT", "soon")]}]},
        {"filterGroups": [{"filters": [condition("no_such_thing", "EQ", "1")]}]},
        {"filterGroups": [{"filters": [condition("amount", "LIKE", "1")]}]},
        {"filterGroups": "all"},
    ],
)
def test_a_search_hubspot_would_not_take_is_http_400(caller, body):
    answer = caller.hubspot("/crm/v3/objects/deals/search", body)

    assert answer.status_code == 400
    assert answer.json()["category"] == "VALIDATION_ERROR"
