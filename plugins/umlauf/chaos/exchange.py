"""One request to the sandbox's HubSpot or Odoo, and what a fault makes of the answer."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Dropped(Exception):
    """The connection is to be closed without a word."""


@dataclass(kw_only=True)
class Answer:
    """A whole answer, as the vendor would give it."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def records(self) -> list[dict[str, Any]]:
        """The records of a page: of Odoo a list, of HubSpot below `results`; none elsewhere."""
        if self.status >= 300 or not self.body.startswith((b"[", b"{")):
            return []
        found = self.document
        found = found.get("results", []) if isinstance(found, dict) else found
        return [record for record in found if isinstance(record, dict)]

    def with_records(self, records: list[dict[str, Any]]) -> Answer:
        """Return the same answer about other records."""
        found = self.document
        return self.saying({**found, "results": records} if isinstance(found, dict) else records)

    def saying(self, document: Any) -> Answer:
        """Return the same answer with another document; characters beyond Unicode stay escaped."""
        return Answer(status=self.status, headers=self.headers, body=json.dumps(document).encode())


class Exchange:
    """One request, its true answer, and the ways to send something else instead."""

    def __init__(self, app: App, scope: Scope, receive: Receive, send: Send, seed: int) -> None:
        self.path: str = scope["path"]
        self.chance = random.Random(seed)
        self._app, self._scope, self._receive, self._send = app, scope, receive, send
        self._received: list[Message] = []

    async def asked(self) -> Any:
        """Return the request's JSON, None without one."""
        while not self._received or self._received[-1].get("more_body"):
            self._received.append(await self._receive())
        body = b"".join(message.get("body", b"") for message in self._received)
        return json.loads(body) if body else None

    async def answer(self) -> Answer:
        """Return what the vendor answers, decoded."""
        await self.asked()
        waiting = list(self._received)
        answer = Answer()

        async def receive() -> Message:
            return waiting.pop(0) if waiting else await self._receive()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {
                    name.decode().lower(): value.decode() for name, value in message["headers"]
                }
            else:
                answer.body += message.get("body", b"")

        await self._app(dict(self._scope), receive, keep)  # routing alters its scope
        if answer.headers.pop("content-encoding", "") == "gzip":
            answer.body = gzip.decompress(answer.body)
        return answer

    async def give(
        self,
        body: bytes,
        status: int = 200,
        headers: dict[str, str] | None = None,
        *,
        promised: int | None = None,
        media: str = "application/json",
    ) -> None:
        """Send an answer; with `promised` it says so many bytes and the connection ends before."""
        said = {"content-type": media, "content-length": str(promised or len(body))}
        await self.begin(status, said | (headers or {}))
        await self.more(body, is_last=promised is None)
        if promised is not None:
            raise Dropped

    async def give_answer(self, answer: Answer) -> None:
        """Send an answer that was altered."""
        media = answer.headers.get("content-type", "application/json")
        await self.give(answer.body, answer.status, media=media)

    async def begin(self, status: int, headers: dict[str, str]) -> None:
        """Send the head."""
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def more(self, body: bytes, *, is_last: bool = False) -> None:
        """Send a piece of the body."""
        await self._send({"type": "http.response.body", "body": body, "more_body": not is_last})

    def drop(self) -> None:
        """Close the connection, whatever was sent; ASGI has no word for it, the server has."""
        cycle: Any = getattr(self._send, "__self__", None)
        cycle.transport.abort()
