"""As much of HubSpot as the client asks for, over a dict; a test bends what it needs bent."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from tests.transport.misbehaving_server import MisbehavingServer, Reply, Request


@dataclass
class TinyHubspot:
    """`deals` are {id: stamp}; `links` are {deal id: [company ids]}."""

    deals: dict[str, str] = field(default_factory=dict)
    archived: dict[str, str] = field(default_factory=dict)
    links: dict[str, list[int]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    silently_gone: set[str] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)  # id to the id it was merged into
    search_ceiling: int = 10_000
    links_a_page: int = 500

    def serve(self) -> MisbehavingServer:
        return MisbehavingServer(answer=self.answer)

    def answer(self, request: Request) -> Reply:
        last = request.path.rpartition("/")[2]
        if last == "search":
            return self.search(request.json)
        if "/associations/" in request.path:
            return self.associations(request.json)
        if last == "read":
            return self.batch(request.json)
        return self.list(request.query)

    def record(self, one: str, body: dict) -> dict:
        stamp = self.deals.get(one) or self.archived[one]
        wanted = {"hs_lastmodifieddate": stamp, "amount": "10.50"}
        record = {"id": one, "properties": wanted, "updatedAt": stamp}
        if body.get("propertiesWithHistory"):
            record["propertiesWithHistory"] = {"dealstage": []}
        return record

    def list(self, query: dict) -> Reply:
        source = self.archived if query["archived"] == "true" else self.deals
        limit = int(query["limit"])
        assert limit <= (50 if query.get("propertiesWithHistory") else 100)
        ids = sorted((one for one in source if int(one) > int(query.get("after", 0))), key=int)
        page = {"results": [self.record(one, query) for one in ids[:limit]]}
        if len(ids) > limit:
            page["paging"] = {"next": {"after": ids[limit - 1]}}
        return Reply(body=page)

    def search(self, body: dict) -> Reply:
        assert body["limit"] <= 200
        if not body["filterGroups"]:
            return self.newest()
        last, first, end = bounds(body)
        ids = [
            one
            for one, stamp in self.deals.items()
            if int(one) > last and first <= milliseconds(stamp) < end
        ]
        ids.sort(key=int)
        start = int(body.get("after", 0))
        if start + body["limit"] > self.search_ceiling:
            return Reply(status=400, body={"message": "too deep", "category": "VALIDATION_ERROR"})
        page = ids[start : start + body["limit"]]
        found = {"total": len(ids), "results": [self.record(one, {}) for one in page]}
        if start + len(page) < len(ids):
            found["paging"] = {"next": {"after": str(start + len(page))}}
        return Reply(body=found)

    def newest(self) -> Reply:
        ids = sorted(self.deals, key=self.deals.get, reverse=True)[:1]
        results = [self.record(one, {}) for one in ids]
        return Reply(body={"total": len(self.deals), "results": results})

    def batch(self, body: dict) -> Reply:
        asked = [one["id"] for one in body["inputs"]]
        assert len(asked) <= (50 if body["propertiesWithHistory"] else 100)
        gone = [one for one in asked if one in self.gone]
        there = [
            self.merged.get(one, one) for one in asked if one not in self.gone | self.silently_gone
        ]
        results = [self.record(one, body) for one in reversed(there)]
        if not gone:
            return Reply(body={"status": "COMPLETE", "results": results})
        error = {"category": "OBJECT_NOT_FOUND", "context": {"ids": gone}}
        return Reply(status=207, body={"results": results, "errors": [error], "numErrors": 1})

    def associations(self, body: dict) -> Reply:
        results, bare = [], []
        for asked in body["inputs"]:
            one, start = self.merged.get(asked["id"], asked["id"]), int(asked.get("after", 0))
            ends = self.links.get(one, [])
            page = ends[start : start + self.links_a_page]
            result = {"from": {"id": one}, "to": [{"toObjectId": end} for end in page]}
            if start + len(page) < len(ends):
                result["paging"] = {"next": {"after": str(start + len(page))}}
            (results if ends else bare).append(result if ends else one)
        if not bare:
            return Reply(body={"results": results})
        error = {
            "category": "OBJECT_NOT_FOUND",
            "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
            "context": {"fromObjectId": bare},
        }
        return Reply(status=207, body={"results": results, "errors": [error]})


@cache
def milliseconds(stamp: str) -> int:
    return int(datetime.fromisoformat(stamp).timestamp() * 1000)


def bounds(body: dict) -> tuple[int, int, int]:
    """Return last id (exclusive), first stamp (inclusive) and end (exclusive) of a search."""
    (group,) = body["filterGroups"]
    rules = {(rule["propertyName"], rule["operator"]): rule["value"] for rule in group["filters"]}
    last = rules.pop(("hs_object_id", "GT"))
    start = rules.pop(("hs_lastmodifieddate", "GTE"))
    end = rules.pop(("hs_lastmodifieddate", "LT"), 10**15)
    assert not rules
    return int(last), int(start), int(end)
