"""What an input is given to: the product, whole, up to landed rows; only the line is ours.

A file is landed like any other of a place, a vendor's answer is read by the production client.
Anything raised here that the product does not raise on purpose is a crash.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from unittest.mock import patch

import pyarrow.parquet as pq
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from umlauf.errors import SourceError
from umlauf.formats.values import printable
from umlauf.landing.columns import record_table
from umlauf.landing.land import land_day
from umlauf.sources.bank import SOURCE as BANK
from umlauf.sources.hubspot import SOURCE as HUBSPOT
from umlauf.sources.odoo import SOURCE as ODOO
from umlauf.spec import Connection, Limits, Window
from umlauf.transport.pickup import FoundFile
from umlauf.transport.retry import Pace

MOMENT = datetime(2026, 1, 6, 4, 30, tzinfo=UTC)
WINDOW = Window(start=datetime(2026, 1, 5, tzinfo=UTC), end=datetime(2026, 1, 6, tzinfo=UTC))
DAY = "day=2026-01-05"
KEPT = re.compile(rf"files/{DAY}/[0-9a-f]{{64}}\.bin|(files|statements|entries)/{DAY}/\S+\.parquet")


class Broken(AssertionError):
    """The product let something through, or lost it."""


@dataclass(frozen=True)
class Place:
    """A place with one file, whatever it is called."""

    case: object
    place: str = "fuzz"

    def list(self):
        size = len(self.case.content)
        return [FoundFile(name=self.case.name, size=size, modified_at=WINDOW.start)]

    def read(self, _):
        yield self.case.content

    def close(self):
        pass


class Answers(BaseAdapter):
    """Answers the first questions with the case, then with nothing."""

    def __init__(self, case):
        super().__init__()
        # HubSpot is asked for ids, then for details, then for the next page.
        is_hubspot = case.kind == "hubspot"
        self.case, self.left = case, 3 if is_hubspot else 1
        self.nothing = b'{"results":[]}' if is_hubspot else b"[]"

    def send(self, request, **_):
        body = self.case.content if self.left > 0 else self.nothing
        self.left -= 1
        response = requests.Response()
        response.status_code = 400 if b'"message"' in body else 200  # a refusal
        response.raw = HTTPResponse(BytesIO(body), preload_content=False)
        response.request, response.url = request, request.url
        return response

    def close(self):
        pass


def run(case, settings, secret):
    """Return `read` or `rejected`, with the reason; raise on a crash or a loss."""
    return land(case, settings, secret) if case.is_file else ask(case)


def land(case, settings, secret):
    """Land one file and look at everything that has come of it."""
    root = settings.landing_root / "bank"
    connection = Connection(conn_id="bank_default", url="file:///")
    clock = iter(MOMENT.replace(microsecond=tick) for tick in range(10**6))
    with patch("umlauf.landing.files.pickups_of", lambda *_: [Place(case)]):
        land_day(BANK, date(2026, 1, 5), settings, connection, clock=lambda: next(clock))
    return _landed(case, root, secret)


def _landed(case, root, secret):
    kept = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    if strange := [path for path in kept if not KEPT.fullmatch(path)]:
        raise Broken(f"landed under strange names: {strange[:3]}")
    records = _payloads(root, "files")
    whole = [record for record in records if record["name"] == printable(case.name)]
    if [record["sha256"] for record in whole] != [hashlib.sha256(case.content).hexdigest()]:
        raise Broken(f"{len(whole)} records of one file")
    if {f"files/{DAY}/{record['sha256']}.bin" for record in records} - set(kept):
        raise Broken("the bytes of a record are not kept")
    reasons = [record["quarantine_reason"] or "" for record in records]
    if bad := [one for one in reasons if not one.isprintable() or "our parser failed" in one]:
        raise Broken(f"a reason that is none, or writes its own lines: {bad!r}")
    said = _payloads(root, "entries"), _payloads(root, "statements")
    if secret in json.dumps(said):
        raise Broken("a file of ours was read into a statement")
    counted = sum(record["entries"] for record in records)
    if len([entry for entry in said[0] if entry["part"] == 0]) != counted:
        raise Broken(f"{counted} entries recorded, {len(said[0])} landed")
    reason = whole[0]["quarantine_reason"]
    return ("rejected", reason) if reason else ("read", whole[0]["format"])


def _payloads(root, stream):
    """Return what has landed, tombstones left out."""
    return [
        json.loads(payload)
        for file in sorted(root.glob(f"{stream}/day=*/*.parquet"))
        for payload in pq.read_table(file, columns=["payload"]).column(0).to_pylist()
        if payload is not None
    ]


def ask(case):
    """Read one stream with the production client."""
    source = HUBSPOT if case.kind == "hubspot" else ODOO
    client = source.connect(
        Connection(
            conn_id="fuzz", url="http://vendor", password="key", extra={"searches_per_second": 1e9}
        ),
        Limits(requests_per_second=1e9, max_retries=0),
        pace=Pace(sleep=lambda _: None),
    )
    client._session._http.mount("http://", Answers(case))
    rows = 0
    try:
        for page in client.pages(source.stream(case.name), WINDOW, None):
            table = record_table(page.keys, page.versions, page.payloads, MOMENT)
            table.validate(full=True)
            for payload in page.payloads:
                json.loads(payload, parse_int=str)
            rows += table.num_rows
    except SourceError as error:
        if not str(error).isprintable():
            raise Broken(f"a message that can write its own lines: {str(error)!r}") from error
        return "rejected", str(error)
    finally:
        client.close()
    return "read", f"{rows} rows"
