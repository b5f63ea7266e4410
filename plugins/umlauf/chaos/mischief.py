"""What an HTTP source can do wrong: one function per kind, applied to a chosen request.

Each returns True when it has answered, False when the true answer gave it nothing to spoil; then
the next request is tried. Rows are those of the fault matrix (docs/reliability.md).
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from umlauf.chaos.exchange import Answer, Dropped, Exchange

Spoil = Callable[[Exchange], Awaitable[bool]]
Alter = Callable[[dict[str, Any], Exchange], None]

LOGIN_PAGE = b"<!doctype html><html><head><title>Sign in</title></head><body>Sign in</body></html>"


@dataclass(frozen=True, kw_only=True)
class Mischief:
    """A kind of wrong answer: how often in a row, and whether the night can end well with it."""

    name: str
    row: int
    spoil: Spoil
    times: tuple[int, ...] = (1,)
    can_fail: bool = False


MISCHIEF: dict[str, Mischief] = {}


def mischief(
    row: int, *, times: tuple[int, ...] = (1,), can_fail: bool = False
) -> Callable[[Spoil], Spoil]:
    """Declare a kind of wrong answer, named after its function."""

    def declare(spoil: Spoil) -> Spoil:
        name = spoil.__name__
        MISCHIEF[name] = Mischief(name=name, row=row, spoil=spoil, times=times, can_fail=can_fail)
        return spoil

    return declare


def _too_many(name: str, retry_after: Callable[[], str | None], *, can_fail: bool = False) -> None:
    async def spoil(exchange: Exchange) -> bool:
        wait = retry_after()
        headers = {"retry-after": wait} if wait is not None else {}
        await exchange.give(b'{"status":"error","message":"rate limit"}', 429, headers)
        return True

    spoil.__name__ = f"too_many_requests_{name}"
    mischief(6, times=(1, 2), can_fail=can_fail)(spoil)


_too_many("retry_in_seconds", lambda: "1")
_too_many("retry_at_http_date", lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=1)))
_too_many("retry_in_a_day", lambda: "86400", can_fail=True)
_too_many("retry_in_the_past", lambda: "-5")
_too_many("retry_when_it_says_not", lambda: None)
_too_many("retry_in_words", lambda: "soon")


def _failing(status: int) -> None:
    async def spoil(exchange: Exchange) -> bool:
        await exchange.give(b"upstream error", status, media="text/plain")
        return True

    spoil.__name__ = f"server_error_{status}"
    mischief(7, times=(1, 2, 3))(spoil)


for _status in (500, 502, 503, 504, 520, 423):
    _failing(_status)


@mischief(7, times=(50,), can_fail=True)
async def server_down_for_long(exchange: Exchange) -> bool:
    """Every answer for a while."""
    await exchange.give(b"bad gateway", 502, media="text/html")
    return True


@mischief(8, times=(1, 2))
async def silence_before_the_answer(exchange: Exchange) -> bool:
    """Nothing comes, longer than we listen."""
    await asyncio.sleep(3)
    raise Dropped


@mischief(8)
async def silence_inside_the_answer(exchange: Exchange) -> bool:
    """Half of it comes, then nothing."""
    answer = await exchange.answer()
    await exchange.begin(200, {"content-length": str(len(answer.body) + 1)})
    await exchange.more(answer.body[: len(answer.body) // 2])
    await asyncio.sleep(3)
    raise Dropped


@mischief(8)
async def a_byte_at_a_time(exchange: Exchange) -> bool:
    """Never silent, never done."""
    answer = await exchange.answer()
    await exchange.begin(200, {"content-length": str(len(answer.body))})
    for at in range(30):
        await exchange.more(answer.body[at : at + 1])
        await asyncio.sleep(0.1)
    raise Dropped


@mischief(8, times=(1, 2))
async def connection_closed_unanswered(exchange: Exchange) -> bool:
    """The server hangs up."""
    raise Dropped


@mischief(9, can_fail=True)
async def key_refused_once(exchange: Exchange) -> bool:
    """The token has expired."""
    await exchange.give(b'{"status":"error","message":"expired"}', 401)
    return True


@mischief(9, can_fail=True)
async def scope_lost(exchange: Exchange) -> bool:
    """The key is good, the right is gone."""
    await exchange.give(b'{"status":"error","message":"missing scopes"}', 403)
    return True


@mischief(9, can_fail=True)
async def moved_elsewhere(exchange: Exchange) -> bool:
    """A redirect would carry our key to another host."""
    await exchange.give(b"", 302, {"location": "http://127.0.0.1:9/elsewhere"})
    return True


@mischief(10, times=(1, 2))
async def json_cut_with_matching_length(exchange: Exchange) -> bool:
    """A proxy cut it and counted again."""
    answer = await exchange.answer()
    await exchange.give(answer.body[: max(1, len(answer.body) * 2 // 3)])
    return True


@mischief(10, times=(1, 2))
async def body_shorter_than_promised(exchange: Exchange) -> bool:
    """The connection broke off."""
    answer = await exchange.answer()
    await exchange.give(answer.body[: len(answer.body) // 2], promised=len(answer.body))
    return True


@mischief(10)
async def gzip_cut(exchange: Exchange) -> bool:
    """Only gzip itself can tell."""
    answer = await exchange.answer()
    packed = gzip.compress(answer.body)
    await exchange.give(packed[: len(packed) // 2], headers={"content-encoding": "gzip"})
    return True


@mischief(10)
async def gzip_that_is_none(exchange: Exchange) -> bool:
    """The head says what the body is not."""
    answer = await exchange.answer()
    await exchange.give(answer.body, headers={"content-encoding": "gzip"})
    return True


@mischief(10, times=(1, 2))
async def login_page_instead(exchange: Exchange) -> bool:
    """Status 200 of a portal between us."""
    await exchange.give(LOGIN_PAGE, media="text/html")
    return True


@mischief(10)
async def nothing_at_all(exchange: Exchange) -> bool:
    """An empty body."""
    await exchange.give(b"")
    return True


def _other_shape(name: str, body: bytes) -> None:
    async def spoil(exchange: Exchange) -> bool:
        await exchange.give(body)
        return True

    spoil.__name__ = f"answer_of_another_shape_{name}"
    mischief(10, can_fail=True)(spoil)


_other_shape("null", b"null")
_other_shape("text", b'"maintenance"')
_other_shape("number", b"0")
_other_shape("error", b'{"error": {"code": 200, "message": "session expired"}}')
_other_shape("deep", b"[" * 5000 + b"]" * 5000)


def _page(name: str, row: int, change: Callable[[Answer, Exchange], Answer | None]) -> None:
    async def spoil(exchange: Exchange) -> bool:
        answer = await exchange.answer()
        changed = change(answer, exchange) if answer.records else None
        if changed is None:
            return False
        await exchange.give_answer(changed)
        return True

    spoil.__name__ = name
    mischief(row, can_fail=True)(spoil)


def _half(answer: Answer, _: Exchange) -> Answer | None:
    return answer.with_records(answer.records[: len(answer.records) // 2])


def _twice(answer: Answer, _: Exchange) -> Answer | None:
    return answer.with_records(answer.records * 2)


def _turned(answer: Answer, _: Exchange) -> Answer | None:
    return answer.with_records(answer.records[::-1]) if len(answer.records) > 1 else None


def _none_but_more(answer: Answer, _: Exchange) -> Answer | None:
    document = answer.document
    if not isinstance(document, dict) or "paging" not in document:
        return None
    return answer.saying({**document, "results": []})


def _next_is_itself(answer: Answer, exchange: Exchange) -> Answer | None:
    document = answer.document
    if not isinstance(document, dict):
        return None
    return answer.saying({**document, "paging": {"next": {"after": "0", "link": exchange.path}}})


def _one_short(answer: Answer, exchange: Exchange) -> Answer | None:
    left = list(answer.records)
    left.pop(exchange.chance.randrange(len(left)))
    return answer.with_records(left)


_page("half_a_page", 11, _half)
_page("page_without_its_records", 11, lambda answer, _: answer.with_records([]))
_page("empty_page_with_a_next_one", 11, _none_but_more)
_page("page_given_twice", 12, _twice)
_page("page_turned_around", 12, _turned)
_page("next_page_is_itself", 12, _next_is_itself)
_page("record_vanished_from_one_page", 13, _one_short)
