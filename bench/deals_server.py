"""Serve nested CRM records as HubSpot's list endpoint does, from memory, over HTTP.

Pages are made before the first request, so that what is measured is the client.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs
from urllib.request import urlopen

import orjson

PAGE = 100
Send = Callable[[dict[str, Any]], Awaitable[None]]


def deal(number: int) -> dict[str, Any]:
    """Return deal `number`: nested, about 577 bytes of JSON."""
    stamp = (
        f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:{number % 60:02}:00.000Z"
    )
    return {
        "id": str(10_000_000 + number),
        "properties": {
            "dealname": f"Frame contract {number} for components and accessories",
            "amount": f"{number % 90_000 + 1000}.{number % 100:02}",
            "deal_currency_code": "EUR",
            "dealstage": "decisionmakerboughtin",
            "pipeline": "default",
            "closedate": stamp,
            "createdate": stamp,
            "hs_lastmodifieddate": stamp,
            "hs_object_id": str(10_000_000 + number),
            "hubspot_owner_id": str(number % 40),
            "dealtype": "newbusiness",
            "hs_is_closed": "false",
            "hs_deal_stage_probability": "0.8",
            "closed_lost_reason": None,
        },
        "createdAt": stamp,
        "updatedAt": stamp,
        "archived": False,
    }


def make_pages(records: int) -> list[bytes]:
    """Return all pages of the list, ready to be sent."""
    pages = []
    for first in range(0, records, PAGE):
        last = min(first + PAGE, records)
        page: dict[str, Any] = {"results": [deal(number) for number in range(first, last)]}
        if last < records:
            page["paging"] = {"next": {"after": str(last)}}
        pages.append(orjson.dumps(page))
    return pages


def make_app(records: int) -> Callable[..., Awaitable[None]]:
    """Return an ASGI app over `records` deals."""
    pages = make_pages(records)

    async def app(scope: dict[str, Any], receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            return
        after = parse_qs(scope["query_string"].decode()).get("after", ["0"])[0]
        body = pages[int(after) // PAGE]
        headers = [
            (b"content-type", b"application/json;charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


@contextmanager
def running(records: int) -> Iterator[str]:
    """Serve `records` deals from a process of its own; yield the base URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bench.deals_server", str(records), str(port)]
    with subprocess.Popen(command, env=os.environ | {"PYTHONUNBUFFERED": "1"}) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            _await(url)
            yield url
        finally:
            process.terminate()


def _await(url: str) -> None:
    for _ in range(600):
        try:
            with urlopen(f"{url}/crm/v3/objects/0-3") as answer:  # noqa: S310 - our own loopback
                json.load(answer)
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("bench: the deals server did not answer within 60 s")


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(make_app(int(sys.argv[1])), port=int(sys.argv[2]), log_level="error")
