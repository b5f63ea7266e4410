"""HubSpot CRM as its v3 objects API and v4 associations API serve it, read only.

Built after HubSpot's public specification (PublicApiSpecs/CRM) and the guides at
https://developers.hubspot.com/docs/api-reference. Where they leave room the sandbox is strict:
a page size above the maximum is an error here, so that a connector cannot depend on it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from umlauf.sandbox.serve.hubspot_answer import (
    Refused,
    Shape,
    answer,
    asked_for,
    invalid,
    results,
    shape_of,
)
from umlauf.sandbox.serve.hubspot_request import (
    SINGULAR,
    BatchRead,
    asked_by,
    at_most,
    body_of,
    kind_of,
    limit_of,
    number,
    paging,
    wants_archived,
)
from umlauf.sandbox.serve.hubspot_search import CEILING, MOST_RESULTS, Query, Search
from umlauf.sandbox.serve.rates import RateLimits, Rolling
from umlauf.sandbox.serve.state import PAYLOAD, VISIBLE, State, by_stamp

TOKEN = "sandbox-token"  # noqa: S105 - the sandbox's own, no secret
LIST_LIMIT, HISTORY_LIMIT, OWNER_LIMIT, LINK_INPUTS = 100, 50, 500, 1000
SHAPE_FROM = 200  # records looked at to learn which properties there are
ONE = f"r.object = :kind and r.id = :id and {VISIBLE}"
PAGE = (
    f"select r.id, {PAYLOAD} from record r where r.object = :kind and r.id > :after "
    f"and {VISIBLE} and (r.archived_at is null) = :live order by r.id limit :most"
)
Handler = Callable[[Request], Awaitable[Response]]


class Hubspot:
    """The endpoints."""

    def __init__(self, state: State, limits: RateLimits) -> None:
        self.state = state
        self.ordinary = Rolling(limits.requests_per_second, 10)
        self.searching = Rolling(limits.searches_per_second, 1)

    def routes(self) -> list[Route]:
        """Return what to serve below /hubspot."""
        objects = "/crm/v3/objects/{kind}"
        table: list[tuple[str, str, Handler, bool]] = [
            ("GET", objects, self.list_objects, False),
            ("POST", f"{objects}/batch/read", self.read_batch, False),
            ("POST", f"{objects}/search", self.search, True),
            ("GET", f"{objects}/{{id}}", self.read_one, False),
            ("GET", "/crm/v3/owners", self.owners, False),
            ("GET", "/crm/v3/pipelines/deals", self.pipelines, False),
            ("POST", "/crm/v4/associations/{near}/{far}/batch/read", self.links, False),
        ]
        return [
            Route(path, self._guarded(handler, is_search), methods=[method])
            for method, path, handler, is_search in table
        ]

    async def list_objects(self, request: Request) -> Response:
        """Page through all objects of a type in the order of ids."""
        kind, asked = kind_of(request.path_params["kind"]), asked_by(request)
        most = limit_of(request, 10, HISTORY_LIMIT if asked.history else LIST_LIMIT)
        rows = self._page(kind, request, most)
        cut = asked.cutter(self._shape(kind))
        records = [cut(payload) for _, payload in rows[:most]]
        return answer(results(records, **paging(request, rows, most)))

    async def read_one(self, request: Request) -> Response:
        """Read one object."""
        kind = kind_of(request.path_params["kind"])
        found = self._by_ids(kind, [request.path_params["id"]], wants_archived(request))
        if not found:
            message = "Object not found.  objectId are usually numeric."
            raise Refused(404, "OBJECT_NOT_FOUND", message)
        return answer(asked_by(request).cut(next(iter(found.values()))))

    async def read_batch(self, request: Request) -> Response:
        """Read objects by id; 207 when some of them are not there."""
        kind, body = kind_of(request.path_params["kind"]), await body_of(request, BatchRead)
        asked = asked_for(kind, tuple(body.properties), tuple(body.properties_with_history))
        ids = [str(one.id) for one in body.inputs]
        at_most(len(ids), HISTORY_LIMIT if asked.history else LIST_LIMIT, "inputs")
        found = self._by_ids(kind, ids, wants_archived(request))
        missing = [one for one in dict.fromkeys(ids) if one not in found]
        cut, errors = asked.cutter(self._shape(kind)), []
        if missing:
            message = (
                f"Could not get some {SINGULAR[kind].upper()} objects, they may be deleted or not "
                "exist. Check that ids are valid."
            )
            errors.append(_fault(message, None, {"ids": missing}))
        return _batch([cut(payload) for payload in found.values()], errors)

    async def search(self, request: Request) -> Response:
        """Search objects; a query gives at most 10,000 of them."""
        kind, body = kind_of(request.path_params["kind"]), await body_of(request, Search)
        at_most(body.limit, MOST_RESULTS, "limit")
        offset = number(body.after, "after")
        if offset + body.limit > CEILING:
            raise invalid(f"paging beyond {CEILING:,} results of one search is not possible")
        query = Query(kind, self._shape(kind).properties, self.state.clock())
        where, order = query.where(body), query.order(body.sorts)
        if self.state.is_narrow(kind, query.since, query.until):
            where, order = by_stamp(where), by_stamp(f"order by {order}").removeprefix("order by ")
        total = self.state.rows(f"select count(*) from record r where {where}", query.values)[0][0]
        rows = self.state.rows(
            f"select {PAYLOAD} from record r where {where} order by {order} "
            f"limit {body.limit} offset {offset}",
            query.values,
        )
        cut = asked_for(kind, tuple(body.properties), ()).cutter(self._shape(kind))
        shown = offset + len(rows)
        more = {"paging": {"next": {"after": str(shown)}}} if shown < total and rows else {}
        return answer(results([cut(row[0]) for row in rows], total=total, **more))

    async def owners(self, request: Request) -> Response:
        """Page through the owners."""
        most = limit_of(request, OWNER_LIMIT // 5, OWNER_LIMIT)
        rows = self._page("owners", request, most)
        records = [payload for _, payload in rows[:most]]
        return answer(results(records, **paging(request, rows, most)))

    async def pipelines(self, request: Request) -> Response:
        """List all pipelines of deals with their stages."""
        rows = self._rows("pipelines", 0, True, CEILING)
        return answer(results([payload for _, payload in rows]))

    async def links(self, request: Request) -> Response:
        """Read the associations of some objects; 207 when some of them have none."""
        near, far = kind_of(request.path_params["near"]), kind_of(request.path_params["far"])
        body = await body_of(request, BatchRead)
        ids = list(dict.fromkeys(str(one.id) for one in body.inputs))
        at_most(len(ids), LINK_INPUTS, "inputs")
        found = self._by_ids(f"{near}_to_{far}", ids, False)
        linked = {one: text for one, text in found.items() if b'"toObjectId"' in text}
        errors = [
            _fault(
                f"No {SINGULAR[far]} is associated with {SINGULAR[near]} {one}.",
                "crm.associations.NO_ASSOCIATIONS_FOUND",
                {
                    "fromObjectId": [one],
                    "fromObjectType": [SINGULAR[near]],
                    "toObjectType": [SINGULAR[far]],
                },
            )
            for one in ids
            if one not in linked
        ]
        return _batch(list(linked.values()), errors)

    def _guarded(self, handler: Handler, is_search: bool) -> Handler:
        async def guarded(request: Request) -> Response:
            try:
                self._admit(request, is_search)
                return await handler(request)
            except Refused as refused:
                return refused.response()

        return guarded

    def _admit(self, request: Request, is_search: bool) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token.strip() != TOKEN:
            message = (
                "Authentication credentials not found. This API supports OAuth 2.0 authentication "
                "and you can find more details at "
                "https://developers.hubspot.com/docs/methods/auth/oauth-overview"
            )
            raise Refused(401, "INVALID_AUTHENTICATION", message)
        # The specification exempts searches from the ten-second limit; they have their own.
        policy = "secondly" if is_search else "ten_secondly_rolling"
        if wait := (self.searching if is_search else self.ordinary).wait():
            raise Refused(
                429,
                "RATE_LIMITS",
                f"You have reached your {policy} limit.",
                {"Retry-After": str(wait)},
                errorType="RATE_LIMIT",
                policyName=policy.upper(),
            )

    def _page(self, kind: str, request: Request, most: int) -> list[tuple[int, bytes]]:
        after = number(request.query_params.get("after") or 0, "after")
        return self._rows(kind, after, not wants_archived(request), most + 1)

    def _rows(self, kind: str, after: int, live: bool, most: int) -> list[tuple[int, bytes]]:
        values = {"kind": kind, "after": after, "live": live, "most": most}
        return self.state.rows(PAGE, values | {"clock": self.state.clock()})

    def _by_ids(self, kind: str, ids: list[str], archived: bool) -> dict[str, bytes]:
        clock, found = self.state.clock(), {}
        sql = f"select {PAYLOAD}, r.archived_at is null from record r where {ONE}"
        for one in ids:
            if one.isdigit() and len(one) < 19:
                values = {"kind": kind, "id": int(one), "clock": clock}
                for payload, live in self.state.rows(sql, values):
                    if live != archived:
                        found[one] = payload
        return found

    def _shape(self, kind: str) -> Shape:
        return self.state.remember(
            ("shape", kind),
            lambda: shape_of(self.state.payloads(kind, SHAPE_FROM)),
        )


def _fault(message: str, reason: str | None, context: dict[str, list[str]]) -> dict[str, Any]:
    fault: dict[str, Any] = {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": message,
        "context": context,
    }
    return fault | ({"subCategory": reason} if reason else {})


def _batch(records: list[bytes], errors: list[dict[str, Any]]) -> Response:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    more: dict[str, Any] = {"status": "COMPLETE", "startedAt": now, "completedAt": now}
    if errors:
        more |= {"numErrors": len(errors), "errors": errors}
    return answer(results(records, **more), 207 if errors else 200)
