"""HubSpot's way to answer: error bodies, and objects cut down to the properties asked for."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec
import orjson
from msgspec import UNSET, Raw, UnsetType
from starlette.responses import Response

# https://developers.hubspot.com/docs/api-reference/crm-deals-v3/guide: returned without asking
DEFAULTS = {
    "deals": "amount,closedate,createdate,dealname,dealstage,hs_lastmodifieddate,hs_object_id,"
    "pipeline",
    "companies": "createdate,domain,hs_lastmodifieddate,hs_object_id,name",
    "contacts": "createdate,email,firstname,hs_object_id,lastmodifieddate,lastname",
    "line_items": "createdate,hs_lastmodifieddate,hs_object_id",
}
ALWAYS = frozenset({"createdate", "hs_lastmodifieddate", "lastmodifieddate", "hs_object_id"})


class _Object(msgspec.Struct, omit_defaults=True):
    """A CRM object; what is not cut stays the bytes it was."""

    id: Raw
    properties: dict[str, Raw]
    propertiesWithHistory: dict[str, Raw] | UnsetType = UNSET  # noqa: N815 - HubSpot's name
    createdAt: Raw | UnsetType = UNSET  # noqa: N815 - HubSpot's name
    updatedAt: Raw | UnsetType = UNSET  # noqa: N815 - HubSpot's name
    archived: bool | UnsetType = UNSET
    archivedAt: Raw | UnsetType = UNSET  # noqa: N815 - HubSpot's name


_decode = msgspec.json.Decoder(_Object).decode
_encode = msgspec.json.Encoder().encode


class Shape(msgspec.Struct, frozen=True):
    """The properties that objects of a type have, and those with history."""

    properties: frozenset[str]
    history: frozenset[str]


def shape_of(payloads: list[bytes]) -> Shape:
    """Return what some objects of a type have between them; the store keeps all objects whole."""
    records = [_decode(payload) for payload in payloads]
    return Shape(
        properties=frozenset(name for one in records for name in one.properties),
        history=frozenset(name for one in records for name in one.propertiesWithHistory or {}),
    )


class Asked(msgspec.Struct, frozen=True):
    """The properties a request wants; unknown ones are ignored, as HubSpot does."""

    properties: frozenset[str]
    history: frozenset[str]

    def cutter(self, shape: Shape) -> Callable[[bytes], bytes]:
        """Return how to answer objects of a shape: those asked for whole are not even parsed."""
        is_whole = shape.properties <= self.properties and shape.history <= self.history
        return bytes if is_whole else self.cut

    def cut(self, payload: bytes) -> bytes:
        """Return the object with what was asked for."""
        record = _decode(payload)
        past = record.propertiesWithHistory or {}
        record.properties = {k: v for k, v in record.properties.items() if k in self.properties}
        record.propertiesWithHistory = (
            {k: v for k, v in past.items() if k in self.history} if self.history else UNSET
        )
        return _encode(record)


@lru_cache(maxsize=256)
def asked_for(kind: str, properties: tuple[str, ...], history: tuple[str, ...]) -> Asked:
    """Return what a request wants; each text may hold several names, separated by commas."""
    wanted = _names(properties) or _names((DEFAULTS.get(kind, ""),))
    past = _names(history)
    return Asked(properties=wanted | ALWAYS | past, history=past)


def _names(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.strip() for text in texts for name in text.split(",") if name.strip())


class Refused(Exception):
    """An answer of HubSpot that is an error."""

    def __init__(
        self,
        status: int,
        category: str,
        message: str,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers
        self.body = {
            "status": "error",
            "message": message,
            "correlationId": str(uuid.uuid4()),
            "category": category,
            **more,
        }

    def response(self) -> Response:
        """Return it as HubSpot sends it."""
        return answer(self.body, self.status, self.headers)


def invalid(message: str) -> Refused:
    """Return the refusal of a request that HubSpot does not understand."""
    return Refused(400, "VALIDATION_ERROR", message)


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a JSON response."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return Response(content, status, headers, media_type="application/json;charset=utf-8")


def results(records: list[bytes], **more: Any) -> bytes:
    """Return a body with `results`, and `more` behind it; records are not touched."""
    tail = orjson.dumps(more)[1:-1]
    body = b'{"results":[' + b",".join(records) + b"]"
    return body + b"," + tail + b"}" if tail else body + b"}"
