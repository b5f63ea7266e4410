"""The sandbox's HubSpot and Odoo, answered in this process: no socket, and simulated waits.

`Trouble` is what is wrong with a vendor for a while, in the words of a connection: silent, refused,
a status, slow.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from starlette.applications import Starlette
from starlette.routing import Mount
from urllib3 import HTTPResponse

from umlauf.sandbox.serve.hubspot import TOKEN, Hubspot
from umlauf.sandbox.serve.odoo import DATABASE, KEY, Odoo
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.state import State

CONNECTIONS = {
    "AIRFLOW_CONN_HUBSPOT_DEFAULT": '{"conn_type": "http", "host": "http://vendors/hubspot", '
    f'"password": "{TOKEN}", "extra": {{"searches_per_second": 1000000}}}}',
    "AIRFLOW_CONN_ODOO_DEFAULT": '{"conn_type": "http", "host": "http://vendors/odoo", '
    f'"password": "{KEY}", "extra": {{"database": "{DATABASE}"}}}}',
}
ANSWER_SECONDS = 0.4


@dataclass(frozen=True)
class Trouble:
    """Of a vendor, from one moment to another (aware UTC, real time)."""

    vendor: str
    since: datetime
    until: datetime
    kind: str  # refused, silent, slow, or a status
    retry_after: str | None = None
    share: float = 1.0  # of the answers


class _Present(State):
    """The store as it stands at the timeline's real moment: vendors' clocks are right."""

    def __init__(self, home, timeline):
        super().__init__(home)
        self.timeline = timeline

    def clock(self):
        return int(self.timeline.true.timestamp() * 1000)


class Vendors:
    """Both of them."""

    def __init__(self, home, timeline, dice):
        self.timeline, self.dice = timeline, dice
        self.troubles, self.asked = [], 0
        self._state = _Present(home, timeline)
        hubspot, odoo = Hubspot(self._state, RateLimits(searches_per_second=0)), Odoo(self._state)
        self._app = Starlette(
            routes=[
                Mount("/hubspot", routes=hubspot.routes()),
                Mount("/odoo", routes=odoo.routes()),
            ]
        )

    def close(self):
        self._state.close()

    def adapter(self):
        """Return what `requests` is to send by."""
        return _Wire(self)

    def trouble_of(self, vendor):
        """Return what is wrong with a vendor now, None when nothing is."""
        now = self.timeline.true
        for one in self.troubles:
            if one.vendor == vendor and one.since <= now < one.until:
                return one if self.dice.random() < one.share else None
        return None

    def send(self, request, read_timeout):
        """Answer a prepared request: status, headers, body."""
        self.asked += 1
        path = urlsplit(request.url)
        trouble = self.trouble_of(path.path.split("/")[1])
        if trouble is None or trouble.kind == "slow":
            self.timeline.sleep(ANSWER_SECONDS * (100 if trouble else 1))
            return self._answer(request, path)
        if trouble.kind == "silent":
            self.timeline.sleep(read_timeout)
            raise requests.ReadTimeout
        self.timeline.sleep(ANSWER_SECONDS)
        if trouble.kind == "refused":
            raise requests.ConnectionError
        headers = {"retry-after": trouble.retry_after} if trouble.retry_after else {}
        return int(trouble.kind), headers, b"{}"

    def _answer(self, request, path):
        body = request.body or b""
        body = body if isinstance(body, bytes) else body.encode()
        scope = {
            "type": "http", "method": request.method, "path": path.path, "root_path": "",
            "query_string": path.query.encode(), "http_version": "1.1", "scheme": "http",
            "headers": [(k.lower().encode(), v.encode()) for k, v in request.headers.items()],
        }  # fmt: skip
        answer = {"body": b""}

        async def receive():
            return {"type": "http.request", "body": body}

        async def keep(message):
            if message["type"] == "http.response.start":
                answer["status"] = message["status"]
                answer["headers"] = {k.decode(): v.decode() for k, v in message["headers"]}
            else:
                answer["body"] += message.get("body", b"")

        try:
            self._app(scope, receive, keep).send(None)  # nothing in it waits
        except StopIteration:
            return answer["status"], answer["headers"], answer["body"]
        raise AssertionError("a vendor waited for something")


class _Wire(HTTPAdapter):
    """Takes the place of the product's adapter, right where bytes would leave the process."""

    def __init__(self, vendors):
        super().__init__()
        self.vendors = vendors

    def send(self, request, timeout=None, **_):
        status, headers, body = self.vendors.send(request, timeout[1])
        raw = HTTPResponse(io.BytesIO(body), headers, status, preload_content=False)
        return self.build_response(request, raw)
