"""A landing, a build or a backfill at the same time neither brings it back nor reads half of it."""

import time

import pytest

from tests.erasure.conftest import EVA, People
from tests.landing.fake_source import FakeClient
from umlauf.backfill.staging import Request, open_staging, staged
from umlauf.chaos.child import Child
from umlauf.errors import LeaseBusy
from umlauf.landing.erasures import read_erasures
from umlauf.landing.lease import WAREHOUSE_LEASE, hold_lease
from umlauf.landing.run import utc_now

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("lease", [WAREHOUSE_LEASE, "land_fake", "backfill"])
def test_it_waits_for_whoever_is_at_work_and_then_says_who(people, lease):
    with (
        hold_lease(people.settings.leases, lease, 0),
        pytest.raises(LeaseBusy, match=f"lease {lease}: still owned by process"),
    ):
        people.erase()

    assert EVA in people.names()
    assert read_erasures(people.root) == []


def test_a_landing_of_another_source_goes_on_meanwhile(people):
    with hold_lease(people.settings.leases, "land_bank", 0):
        people.erase()

    assert EVA not in people.names()


class SlowClient(FakeClient):
    """Its answers take a moment: long enough for others to come in between."""

    def pages(self, stream, window, after):
        for page in super().pages(stream, window, after):
            time.sleep(0.01)
            yield page


@pytest.mark.parametrize("delay", [0, 0.005, 0.02, 0.05, 0.1])
def test_landings_and_an_erasure_at_once_leave_nothing_of_it(people, tmp_path, delay, monkeypatch):
    monkeypatch.setattr("tests.erasure.conftest.FakeClient", SlowClient)
    both = People(people.settings.model_copy(update={"lease_wait_seconds": 30}), people.things)

    def land():
        for _ in range(3):
            both.land(is_full=True, clock=utc_now)

    def forget():
        time.sleep(delay)
        both.erase()

    children = [Child(land, tmp_path / "land"), Child(forget, tmp_path / "erase")]

    assert [(ended.how, ended.said) for child in children if (ended := child.end(60))] == [
        ("well", ""),
        ("well", ""),
    ]
    assert both.names() == ["tom", "uma"]
    assert both.traces() == []


def test_a_backfill_that_waits_for_approval_goes(people):
    day = people.batches()[0].parent.name.removeprefix("day=")
    open_staging(people.settings, Request(first=day, last=day, names=("fake",)))
    ours = People(staged(people.settings), people.things)
    ours.land(is_full=True, clock=utc_now)
    assert len(ours.batches()) > len(people.batches())

    people.erase()

    assert ours.batches() == []
    assert people.traces() == []
