"""Counting and listing what exists, and reading it by id: deals that vanish are no riddle."""

import json
from datetime import UTC, datetime

import pytest

from tests.sources.hubspot.reading import (
    DEALS,
    LINKS,
    STAMP,
    client,
    keys,
    many,
    read,
    stamps,
)
from umlauf.spec import Keys, Tally


def test_deals_deleted_between_search_and_read_are_left_to_the_census():
    hubspot = many(60)
    hubspot.gone = {"9003", "9007"}

    pages, asked = read(hubspot)

    assert len(keys(pages)) == 58
    assert pages[0].total == 58
    assert asked["v3/objects/deals/batch/read"] == 2


def test_a_deal_that_is_missing_without_excuse_is_asked_for_again_and_left_to_the_census():
    hubspot = many(60)
    hubspot.silently_gone = {"9003"}

    pages, asked = read(hubspot)

    assert len(keys(pages)) == 59
    assert pages[0].total == 59
    assert asked["v3/objects/deals/batch/read"] == 3


def test_a_merged_deal_that_the_search_still_finds_comes_under_its_new_id_alone():
    hubspot = many(3)
    hubspot.merged = {"9000": "9002", "9001": "9002"}

    pages, _ = read(hubspot)

    assert keys(pages) == ["9002"]
    assert pages[0].total == 1


def test_a_merged_deal_does_not_get_the_associations_of_the_one_it_was_merged_into():
    hubspot = many(2)
    hubspot.links = {"9001": [4]}
    hubspot.merged = {"9000": "9001"}

    pages, _ = read(hubspot, LINKS)

    texts = dict(zip(pages[0].keys, map(json.loads, pages[0].payloads), strict=True))
    assert texts["9000"]["to"] == []
    assert texts["9001"]["to"] == [{"toObjectId": 4}]


@pytest.mark.parametrize("stream", [DEALS, LINKS])
def test_count_and_list_hold_what_exists_and_nothing_archived(stream):
    hubspot = many(120)
    hubspot.deals["1"] = "2026-11-23T09:00:00.000Z"
    hubspot.archived = {"2": "2026-11-24T00:00:00.000Z"}

    with hubspot.serve() as server:
        ours = client(server.url)
        listed, counted = list(ours.census(stream)), ours.tally(stream)

    assert dict(zip(keys(listed), stamps(listed), strict=True)) == {
        one: datetime.fromisoformat(stamp) for one, stamp in hubspot.deals.items()
    }
    assert counted == Tally(total=121, newest=datetime(2026, 11, 23, 9, tzinfo=UTC))


@pytest.mark.parametrize("stream", [DEALS, LINKS])
def test_records_of_a_census_come_by_id_with_the_stamp_it_gave(stream):
    hubspot = many(450)
    hubspot.gone = {"9400"}
    ids = [one for one in hubspot.deals if int(one) % 2 == 0]

    with hubspot.serve() as server:
        wanted = Keys(keys=ids, versions=[STAMP] * len(ids))
        pages = list(client(server.url).records(stream, wanted))

    there = [one for one in ids if stream is LINKS or one != "9400"]
    assert sorted(keys(pages)) == sorted(there)
    assert set(stamps(pages)) == {STAMP}
