"""The sandbox's servers with a fault in them, in a process of their own.

POST /gremlin tells what to spoil next, GET /gremlin what came of it. Told nothing, the servers
answer as ever and count the requests of each source.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import requests

from umlauf.chaos import poison  # noqa: F401 - declares its kinds
from umlauf.chaos.exchange import App, Dropped, Exchange, Receive, Scope, Send
from umlauf.chaos.mischief import MISCHIEF
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.servers import Addresses, Servers

_CONTROL = "/gremlin"
NO_LIMITS = RateLimits(requests_per_second=0, searches_per_second=0)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Spoil `times` answers of `source`, from its request number `first` (0 is the next) on."""

    mischief: str
    source: str
    first: int
    times: int
    seed: int


class Gremlin:
    """Stands between the web server and the sandbox's application."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._plan: Plan | None = None
        self._asked: Counter[str] = Counter()
        self._spoiled = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or spoil the answer to, one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == _CONTROL:
            await self._control(scope, receive, send)
        elif not await self._spoil(scope, receive, send):
            await self._app(scope, receive, send)

    async def _control(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(self._app, scope, receive, send, 0)
        if scope["method"] == "POST":
            told = await exchange.asked()
            self._plan = Plan(**told) if told else None
            self._asked.clear()
            self._spoiled = 0
        said = {"asked": self._asked, "spoiled": self._spoiled}
        await exchange.give(json.dumps(said).encode())

    async def _spoil(self, scope: Scope, receive: Receive, send: Send) -> bool:
        source = scope["path"].split("/")[1]
        number = self._asked[source]
        self._asked[source] += 1
        plan = self._plan
        if plan is None or source != plan.source or number < plan.first:
            return False
        if self._spoiled >= plan.times:
            return False
        exchange = Exchange(self._app, scope, receive, send, plan.seed)
        self._spoiled += 1  # before it answers: the client may ask again while it is silent
        try:
            if not await MISCHIEF[plan.mischief].spoil(exchange):
                self._spoiled -= 1
                await exchange.give_answer(await exchange.answer())
        except Dropped:
            exchange.drop()
        return True


@contextmanager
def serving(home: Path) -> Iterator[tuple[Addresses, GremlinControl]]:
    """Serve the sandbox below `home` from a process of its own while the block runs."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(home, theirs), daemon=True)
    process.start()
    try:
        addresses: Addresses = ours.recv()
        yield addresses, GremlinControl(addresses.health.removesuffix("/health") + _CONTROL)
    finally:
        process.terminate()
        process.join(10)
        if process.is_alive():
            process.kill()


def _serve(home: Path, ready: Pipe) -> None:
    logging.disable()  # a dropped connection is what was asked for
    servers = Servers(home, limits=NO_LIMITS)
    servers.web.config.app = Gremlin(servers.web.config.app)  # type: ignore[arg-type]
    servers.listen()
    ready.send(servers.addresses)
    servers.serve()


class GremlinControl:
    """Tells the gremlin what to do."""

    def __init__(self, url: str) -> None:
        self._url = url

    def plan(self, plan: Plan | None) -> None:
        """Spoil by this plan from now on, nothing without one."""
        requests.post(self._url, json=asdict(plan) if plan else None, timeout=10)

    def asked(self) -> dict[str, int]:
        """Return how many requests each source got since the last plan."""
        counted: dict[str, int] = requests.get(self._url, timeout=10).json()["asked"]
        return counted

    def spoiled(self) -> int:
        """Return how many answers were spoiled since the last plan."""
        return int(requests.get(self._url, timeout=10).json()["spoiled"])
