import pytest

from tests.sandbox.serve.small_store import TIE, TIES, set_clock
from umlauf.sandbox.serve import RateLimits

pytestmark = pytest.mark.integration
DEALS = "/crm/v3/objects/deals"
MISSING = "crm.associations.NO_ASSOCIATIONS_FOUND"


def all_ids(caller, limit, **query):
    ids, pages, after = [], 0, None
    while True:
        page = caller.hubspot(DEALS, limit=limit, **query, **({"after": after} if after else {}))
        body = page.json()
        ids += [record["id"] for record in body["results"]]
        pages += 1
        if "paging" not in body:
            return ids, pages
        after = body["paging"]["next"]["after"]


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_wrong_token_is_refused_with_hubspot_s_body(caller, token):
    answer = caller.hubspot("/crm/v3/owners", token=token)

    assert answer.status_code == 401
    assert set(answer.json()) == {"status", "message", "correlationId", "category"}
    assert answer.json()["category"] == "INVALID_AUTHENTICATION"


def test_paging_gives_every_deal_once_in_the_order_of_ids(caller):
    ids, pages = all_ids(caller, 100)

    assert ids == ["11", *map(str, range(1000, 1000 + TIES))]
    assert pages == 101


def test_the_last_page_has_no_paging_even_when_it_is_full(caller):
    first = caller.hubspot("/crm/v3/objects/contacts", limit=2).json()
    rest = caller.hubspot(
        "/crm/v3/objects/contacts", limit=1, after=first["paging"]["next"]["after"]
    )

    assert [one["id"] for one in first["results"]] == ["1", "2"]
    assert [one["id"] for one in rest.json()["results"]] == ["3"]
    assert "paging" not in rest.json()


def test_the_link_of_the_next_page_leads_to_it(caller):
    first = caller.hubspot(DEALS, limit=1, properties="amount").json()
    link = first["paging"]["next"]["link"]
    second = caller.session.get(link, headers={"Authorization": "Bearer sandbox-token"}).json()

    assert second["results"][0]["id"] == "1000"
    assert second["results"][0]["properties"]["amount"] == "1"


@pytest.mark.parametrize(
    ("query", "status"),
    [({"limit": 100}, 200), ({"limit": 101}, 400), ({"limit": 0}, 400), ({"limit": "many"}, 400),
     ({"limit": 50, "propertiesWithHistory": "dealstage"}, 200),
     ({"limit": 51, "propertiesWithHistory": "dealstage"}, 400)],
)  # fmt: skip
def test_page_sizes_end_at_100_and_with_history_at_50(caller, query, status):
    assert caller.hubspot(DEALS, **query).status_code == status


def test_only_the_properties_asked_for_come_and_unknown_ones_are_ignored(caller):
    deal = caller.hubspot(f"{DEALS}/11", properties="amount,no_such_thing").json()

    assert deal["properties"] == {
        "amount": "100.50", "createdate": "2026-11-01T06:00:00.000Z",
        "hs_lastmodifieddate": "2026-11-12T08:00:00.000Z", "hs_object_id": "11",
    }  # fmt: skip
    assert "propertiesWithHistory" not in deal


def test_history_comes_newest_first_and_only_when_asked_for(caller):
    deal = caller.hubspot(f"{DEALS}/11", propertiesWithHistory="dealstage").json()

    stages = [change["value"] for change in deal["propertiesWithHistory"]["dealstage"]]
    assert stages == ["closedwon", "qualifiedtobuy"]
    assert deal["properties"]["dealstage"] == "closedwon"


def test_archived_deals_are_listed_apart(caller):
    answer = caller.hubspot(DEALS, archived="true").json()

    assert [(one["id"], one["archived"]) for one in answer["results"]] == [("12", True)]
    assert answer["results"][0]["archivedAt"] == "2026-11-15T08:00:00.000Z"
    assert caller.hubspot(f"{DEALS}/12").status_code == 404
    assert caller.hubspot(f"{DEALS}/12", archived="true").status_code == 200


@pytest.mark.parametrize("kind", ["deals", "deal", "0-3"])
def test_an_object_type_goes_by_name_and_by_id(caller, kind):
    assert caller.hubspot(f"/crm/v3/objects/{kind}/11").json()["id"] == "11"


def test_an_unknown_object_type_is_an_error(caller):
    assert caller.hubspot("/crm/v3/objects/unicorns").json()["category"] == "VALIDATION_ERROR"


def test_a_batch_read_names_the_ids_it_could_not_find(caller):
    body = {"inputs": [{"id": "11"}, {"id": "12"}, {"id": "99"}], "properties": ["dealname"],
            "propertiesWithHistory": ["dealstage"]}  # fmt: skip
    answer = caller.hubspot(f"{DEALS}/batch/read", body)

    assert answer.status_code == 207
    assert [one["id"] for one in answer.json()["results"]] == ["11"]
    assert answer.json()["errors"][0]["context"] == {"ids": ["12", "99"]}
    assert answer.json()["numErrors"] == 1


@pytest.mark.parametrize(
    ("count", "history", "status"),
    [(100, [], 200), (101, [], 400), (50, ["dealstage"], 200), (51, ["dealstage"], 400)],
)
def test_a_batch_read_takes_100_ids_and_with_history_50(caller, count, history, status):
    inputs = [{"id": str(key)} for key in range(1000, 1000 + count)]
    body = {"inputs": inputs, "properties": ["amount"], "propertiesWithHistory": history}

    assert caller.hubspot(f"{DEALS}/batch/read", body).status_code == status


def test_associations_of_some_come_with_errors_for_those_without(caller):
    body = {"inputs": [{"id": "11"}, {"id": "1000"}]}
    answer = caller.hubspot("/crm/v4/associations/deals/companies/batch/read", body)

    assert answer.status_code == 207
    (linked,), (error,) = answer.json()["results"], answer.json()["errors"]
    assert (linked["from"]["id"], linked["to"][0]["toObjectId"]) == ("11", 77)
    assert (error["subCategory"], error["message"]) == (
        MISSING, "No company is associated with deal 1000."
    )  # fmt: skip
    assert error["context"]["fromObjectId"] == ["1000"]


def test_associations_that_are_all_there_are_http_200(caller):
    body = {"inputs": [{"id": "11"}]}
    answer = caller.hubspot("/crm/v4/associations/0-3/0-2/batch/read", body)

    assert answer.status_code == 200
    assert "errors" not in answer.json()


def test_owners_and_pipelines_are_listed(caller):
    assert [one["id"] for one in caller.hubspot("/crm/v3/owners").json()["results"]] == ["1", "2"]
    assert caller.hubspot("/crm/v3/pipelines/deals").json()["results"][0]["id"] == "default"


def test_too_many_requests_are_refused_until_the_time_said(own_home, serving):
    limits = RateLimits(requests_per_second=0.3, searches_per_second=2)
    with serving(own_home, limits=limits) as caller:
        lists = [caller.hubspot(DEALS, limit=1) for _ in range(4)]
        searches = [caller.search(limit=1) for _ in range(3)]

    assert [answer.status_code for answer in lists] == [200, 200, 200, 429]
    assert [answer.status_code for answer in searches] == [200, 200, 429]
    assert 1 <= int(lists[-1].headers["Retry-After"]) <= 10
    assert searches[-1].headers["Retry-After"] == "1"
    assert lists[-1].json()["policyName"] == "TEN_SECONDLY_ROLLING"
    assert searches[-1].json()["policyName"] == "SECONDLY"


def test_a_moved_clock_changes_what_is_shown_without_a_restart(own_home, serving):
    with serving(own_home) as caller:
        set_clock(own_home, "2026-11-11T00:00:00.000Z")
        early = caller.hubspot(f"{DEALS}/11").json()["properties"]["dealstage"]
        early_archived = caller.hubspot(DEALS, archived="true").json()["results"]
        set_clock(own_home, "2026-11-26T00:00:00.000Z")
        late = caller.hubspot(f"{DEALS}/13").json()["properties"]["hs_lastmodifieddate"]

    assert (early, early_archived) == ("qualifiedtobuy", [])
    assert late == "2026-11-15T09:00:00.000Z"
    assert TIE < late < "2026-11-25"  # it is visible ten days after its own stamp
