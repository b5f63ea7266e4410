"""One ASGI application: /hubspot and /odoo as the vendors serve them, and /health."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from umlauf.sandbox.inbox import drop_bank_files
from umlauf.sandbox.serve.hubspot import Hubspot
from umlauf.sandbox.serve.odoo import Odoo
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.state import State
from umlauf.sandbox.stamps import iso

LOOK_SECONDS = 0.5  # how soon the drop folder follows the clock


def app(home: Path, limits: RateLimits | None = None) -> Starlette:
    """Return the application that shows the sandbox below `home` at its clock.

    Raises:
        FileNotFoundError: no company was made here yet.
    """
    state = State(home)
    hubspot, odoo = Hubspot(state, limits or RateLimits()), Odoo(state)

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "clock": iso(state.clock())})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        follower = asyncio.create_task(_follow_clock(state))
        yield
        follower.cancel()
        with suppress(asyncio.CancelledError):
            await follower
        state.close()

    return Starlette(
        routes=[
            Mount("/hubspot", routes=hubspot.routes()),
            Mount("/odoo", routes=odoo.routes()),
            Route("/health", health),
        ],
        lifespan=lifespan,
    )


async def _follow_clock(state: State) -> None:
    """Let bank files appear in the drop folder when the clock has moved."""
    seen = 0
    while True:
        if (clock := state.clock()) != seen:
            drop_bank_files(state.home)
            seen = clock
        await asyncio.sleep(LOOK_SECONDS)
