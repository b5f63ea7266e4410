"""One stream that fails costs the others nothing; a source that is down is left in peace."""

import socket
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from tests.landing.fake_source import live
from tests.sources.hubspot.tiny_hubspot import TinyHubspot
from tests.transport.misbehaving_server import Reply
from umlauf.errors import KeyRefused, SourceChanged, SourceDenied, SourceUnavailable
from umlauf.landing.land import land_day
from umlauf.landing.windows import covered_until
from umlauf.nested_settings import SourceSettings
from umlauf.sources.hubspot import SOURCE
from umlauf.spec import Connection

STAMP = "2026-11-20T08:00:00.000Z"
STREAMS = ("deals", "companies", "line_items", "deals_to_companies")
DEALS = ["deals", "deals_to_companies"]
ALL_BUT_COMPANIES = ["deals", "line_items", "deals_to_companies"]
FORBIDDEN = Reply(status=403, body={"category": "MISSING_SCOPES"})
UNKNOWN = Reply(status=400, body={"category": "VALIDATION_ERROR"})
DOWN = Reply(status=503)


@dataclass
class Refusing(TinyHubspot):
    """A HubSpot that answers for some paths as told."""

    refusals: dict[str, Reply] = field(default_factory=dict)

    def answer(self, request):
        for path, reply in self.refusals.items():
            if request.path.startswith(path):
                return reply
        return super().answer(request)


@pytest.fixture
def land(settings):
    patient = SourceSettings(requests_per_second=1e9, max_retries=0)
    patient = settings.model_copy(update={"sources": {"hubspot": patient}})

    def land_from(url, day=21):
        now = datetime(2026, 11, day + 1, 4, tzinfo=UTC)
        connection = Connection(
            conn_id="x", url=url, password="key", extra={"searches_per_second": 1e9}
        )
        land_day(
            SOURCE, date(2026, 11, day), patient, connection, streams=STREAMS, clock=lambda: now
        )

    return land_from


def refusing(**replies):
    """Return a HubSpot with one deal that refuses object types as told."""
    refusals = {f"/crm/v3/objects/{kind}": reply for kind, reply in replies.items()}
    return Refusing(deals={"1": STAMP}, refusals=refusals)


def landed(settings):
    return [stream for stream in STREAMS if live(settings, "hubspot", stream)]


@pytest.mark.parametrize(
    ("refusals", "kind", "left"),
    [
        ({"companies": FORBIDDEN}, SourceDenied, ALL_BUT_COMPANIES),
        ({"companies": UNKNOWN}, SourceChanged, ALL_BUT_COMPANIES),
        ({"companies": DOWN}, SourceUnavailable, ALL_BUT_COMPANIES),
        ({"deals": FORBIDDEN}, SourceDenied, ["companies", "line_items"]),
        ({"companies": DOWN, "line_items": FORBIDDEN}, SourceDenied, DEALS),
        ({"companies": UNKNOWN, "deals": DOWN}, SourceChanged, ["line_items"]),
        ({"companies": UNKNOWN, "line_items": FORBIDDEN}, SourceDenied, DEALS),
    ],
)
def test_every_other_stream_lands_and_the_error_is_of_the_gravest_kind(
    land, settings, refusals, kind, left
):
    with refusing(**refusals).serve() as server, pytest.raises(kind) as caught:
        land(server.url)

    assert type(caught.value) is kind
    assert landed(settings) == left
    assert str(caught.value).startswith(
        f"hubspot: {len(STREAMS) - len(left)} of 4 streams failed, {len(left)} landed: "
    )
    for stream in set(STREAMS) - set(left):
        assert f"hubspot.{stream}: " in str(caught.value)
    assert "Not asked" not in str(caught.value)


def test_a_refused_key_is_shown_once_and_no_more(land):
    with Refusing(refusals={"/": Reply(status=401)}).serve() as server:
        with pytest.raises(
            KeyRefused, match="Not asked for any more: companies, line_items, deals"
        ):
            land(server.url)

        assert len(server.requests) == 1


def test_a_source_that_is_down_is_asked_for_two_streams_and_no_more(land):
    with Refusing(refusals={"/": DOWN}).serve() as server:
        with pytest.raises(SourceUnavailable, match="2 of 4 streams failed, 0 landed") as caught:
            land(server.url)

        asked = Counter(request.path for request in server.requests)
    assert asked == {"/crm/v3/objects/deals": 1, "/crm/v3/objects/companies": 1}
    assert str(caught.value).endswith("Not asked for any more: line_items, deals_to_companies")


def test_a_source_that_refuses_connections_is_down(land):
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(SourceUnavailable, match="2 of 4 streams failed"):
            land(f"http://127.0.0.1:{taken.getsockname()[1]}")


def test_streams_that_fail_apart_do_not_make_the_source_look_down(land, settings):
    with (
        refusing(deals=DOWN, line_items=DOWN).serve() as server,
        pytest.raises(SourceUnavailable, match="3 of 4 streams failed, 1 landed"),
    ):
        land(server.url)

    assert landed(settings) == ["companies"]


def test_a_stream_that_failed_is_behind_until_its_next_window_reaches_back(land, settings):
    hubspot = refusing()
    with hubspot.serve() as server:
        land(server.url, day=20)
        hubspot.refusals["/crm/v3/objects/companies"] = FORBIDDEN
        hubspot.deals["2"] = "2026-11-21T08:00:00.000Z"
        with pytest.raises(SourceDenied):
            land(server.url, day=21)
        ends = {
            stream: covered_until(settings.landing_root, "hubspot", stream) for stream in STREAMS
        }
        hubspot.refusals.clear()
        land(server.url, day=22)

    assert {stream for stream, end in ends.items() if end.day == 20} == {"companies"}
    assert {stream for stream, end in ends.items() if end.day == 21} == set(STREAMS) - {"companies"}
    assert list(live(settings, "hubspot", "companies")) == ["1", "2"]
