"""One message for all there is to tell: the lines of `umlauf status`, for people and machines."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from umlauf.alert.mail import Mail
from umlauf.alert.news import News
from umlauf.alert.told import Told
from umlauf.errors import visible
from umlauf.health.trouble import Trouble
from umlauf.settings import Settings

_MOST_LINES = 20  # of each kind: a broken disk may damage thousands of files
_LONGEST_SUBJECT = 120


@dataclass(frozen=True, kw_only=True)
class Message(Mail):
    """A mail, and the same as `data` for machines; told again, it has the same `id`."""

    data: dict[str, Any] = field(repr=False)


def write_message(news: News, way: str, number: int, at: datetime, settings: Settings) -> Message:
    """Put the news in words; `number` counts the messages before, `at` is aware UTC."""
    zone, tenant, whose = settings.zone, settings.tenant, settings.title
    keys = [*(one.key for one in news.begun), *(one.key for one in news.over)]
    named = "\0".join([settings.named(way), str(number), *keys])
    id_ = hashlib.sha256(named.encode()).hexdigest()[:32]
    host = socket.gethostname()
    lines = [
        *_first(f"{_mark(one)}: {one.line(zone)}" for one in news.begun),
        *_first(f"OVER: {_over(one, zone)}" for one in news.over),
        f"{whose} on {host}, {at.astimezone(zone):%Y-%m-%d %H:%M} in {zone.key}. All that is wrong "
        "now: `umlauf status`",
    ]
    data = {
        "id": id_,
        "host": host,
        **({"tenant": tenant} if tenant else {}),
        "at": at.isoformat(),
        "begun": [_stated(one) for one in news.begun],
        "over": [{"key": one.key, "what": one.what, "since": _iso(one.since)} for one in news.over],
    }
    return Message(id=id_, subject=_subject(news, whose), text="\n\n".join(lines), data=data)


def test_message(at: datetime, settings: Settings) -> Message:
    """Return a message that says that messages arrive."""
    nothing = write_message(News(begun=(), over=()), "test", 0, at, settings)
    text = f"This is how you will be told what is wrong.\n\n{nothing.text}"
    data = nothing.data | {"id": f"test-{at:%Y%m%dT%H%M%S%f}"}
    return Message(id=data["id"], subject="Umlauf: a test", text=text, data=data)


def _mark(one: Trouble) -> str:
    return "WRONG" if one.is_wrong else f"WARNING for {one.nights} nights"


def _over(one: Told, zone: ZoneInfo) -> str:
    began = one.since or one.told_at
    return f"{' '.join(one.what.split())}. It had begun {began.astimezone(zone):%Y-%m-%d %H:%M}."


def _subject(news: News, whose: str) -> str:
    first = f"{_mark(news.begun[0])}: {news.begun[0].what}" if news.begun else ""
    first = first or (f"over: {news.over[0].what}" if news.over else "nothing")
    more = len(news.begun) + len(news.over) - 1
    text = visible(" ".join(f"{whose}: {first}".split()))
    text = text if len(text) <= _LONGEST_SUBJECT else f"{text[: _LONGEST_SUBJECT - 3]}..."
    return f"{text} (and {more} more)" if more > 0 else text


def _first(lines: Iterable[str]) -> list[str]:
    every = [visible(line) for line in lines]
    left = len(every) - _MOST_LINES
    return [*every[:_MOST_LINES], *([f"... and {left} more"] if left > 0 else [])]


def _stated(one: Trouble) -> dict[str, Any]:
    return {
        "key": one.key,
        "what": one.what,
        "since": _iso(one.since),
        "marts": one.marts,
        "to_do": one.to_do,
        "runbook": one.anchor,
        "is_wrong": one.is_wrong,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
