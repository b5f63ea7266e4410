"""Read a tiny HubSpot with the production client, over real HTTP."""

from collections import Counter
from datetime import UTC, datetime

from tests.sources.hubspot.tiny_hubspot import TinyHubspot
from umlauf.sources.hubspot import SOURCE
from umlauf.sources.hubspot.client import HubspotClient
from umlauf.spec import Connection, Limits, Window
from umlauf.transport.retry import Pace

DEALS = SOURCE.stream("deals")
LINKS = SOURCE.stream("deals_to_companies")
ONE_STAMP = "2026-11-22T08:00:00.000Z"
STAMP = datetime(2026, 11, 22, 8, tzinfo=UTC)
FULL = Window(start=SOURCE.start, end=datetime(2026, 11, 23, tzinfo=UTC), is_full=True)
DAY = Window(start=datetime(2026, 11, 22, tzinfo=UTC), end=datetime(2026, 11, 23, tzinfo=UTC))
LIMITS = Limits(requests_per_second=1e9, max_retries=1)


def client(url, **extra):
    connection = Connection(
        conn_id="x", url=url, password="key", extra={"searches_per_second": 1e9, **extra}
    )
    return HubspotClient(connection, LIMITS, pace=Pace(sleep=lambda _: None))


def read(hubspot, stream=DEALS, window=DAY, after=None):
    with hubspot.serve() as server:
        pages = list(client(server.url).pages(stream, window, after))
    return pages, Counter(request.path.rpartition("crm/")[2] for request in server.requests)


def keys(pages):
    return [key for page in pages for key in page.keys]


def stamps(pages):
    return [stamp for page in pages for stamp in page.versions]


def many(count):
    return TinyHubspot(deals={str(9_000 + one): ONE_STAMP for one in range(count)})
