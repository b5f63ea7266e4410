"""What a request to HubSpot asks for, and the refusal of what HubSpot does not take."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from umlauf.sandbox.serve.hubspot_answer import Asked, asked_for, invalid

TYPE_IDS = {"0-1": "contacts", "0-2": "companies", "0-3": "deals", "0-8": "line_items"}
SINGULAR = {"contacts": "contact", "companies": "company", "deals": "deal",
            "line_items": "line_item"}  # fmt: skip
PLURAL = {one: many for many, one in SINGULAR.items()} | TYPE_IDS
B = TypeVar("B", bound=msgspec.Struct)


class _Input(msgspec.Struct):
    id: str | int


class BatchRead(msgspec.Struct, rename="camel"):
    """The body of a batch read."""

    inputs: list[_Input]
    properties: list[str] = []
    properties_with_history: list[str] = []


def kind_of(name: str) -> str:
    """Return the type that a name, plural or singular, or a type id stands for."""
    kind = PLURAL.get(name, name)
    if kind not in SINGULAR:
        raise invalid(f"Unable to infer object type from: {name}")
    return kind


def asked_by(request: Request) -> Asked:
    """Return the properties that a GET asks for."""
    query = request.query_params
    return asked_for(
        kind_of(request.path_params["kind"]),
        tuple(query.getlist("properties")),
        tuple(query.getlist("propertiesWithHistory")),
    )


def wants_archived(request: Request) -> bool:
    """Say whether archived objects are asked for, and only those."""
    return request.query_params.get("archived", "false").lower() == "true"


def number(value: str | int, name: str) -> int:
    """Return a whole number."""
    if not str(value).isdigit():
        raise invalid(f"{name} {value!r} is not a whole number")
    return int(value)


def at_most(count: int, most: int, name: str) -> None:
    """Refuse a count that is not between 1 and `most`."""
    if not 0 < count <= most:
        raise invalid(f"{name}: {count} is not between 1 and {most}")


def limit_of(request: Request, usual: int, most: int) -> int:
    """Return the page size."""
    limit = number(request.query_params.get("limit", usual), "limit")
    at_most(limit, most, "limit")
    return limit


def paging(request: Request, rows: list[tuple[int, bytes]], most: int) -> dict[str, Any]:
    """Return where the next page starts; nothing on the last one."""
    if len(rows) <= most:
        return {}
    after = str(rows[most - 1][0])
    query = request.scope["query_string"].decode().split("&")
    kept = "&".join([*(part for part in query if part[:6] != "after="), f"after={after}"])
    link = f"http://{request.headers.get('host', '')}{request.scope['path']}?{kept.lstrip('&')}"
    return {"paging": {"next": {"after": after, "link": link}}}


async def body_of(request: Request, shape: type[B]) -> B:
    """Return the body in the shape it should have."""
    try:
        return msgspec.json.decode(await request.body(), type=shape, strict=True)
    except msgspec.DecodeError as error:
        raise invalid(f"Invalid input JSON: {error}") from error
