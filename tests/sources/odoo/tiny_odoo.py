"""As much of Odoo's JSON-2 API as the client asks for, over a dict of one model's records."""

from dataclasses import dataclass, field
from operator import ge, gt, lt

from tests.transport.misbehaving_server import MisbehavingServer, Reply, Request


@dataclass
class TinyOdoo:
    """`records` are {id: write_date}; `archived` ones show only with active_test false."""

    records: dict[int, str] = field(default_factory=dict)
    archived: set[int] = field(default_factory=set)
    most_rows: int = 10**9

    def serve(self) -> MisbehavingServer:
        return MisbehavingServer(answer=self.answer)

    def answer(self, request: Request) -> Reply:
        body = request.json
        assert request.headers["x-odoo-database"] == "sandbox"
        shows_all = body["context"].get("active_test") is False
        ids = [
            one
            for one in sorted(self.records)
            if self.fits(one, body["domain"]) and (shows_all or one not in self.archived)
        ]
        if request.path.endswith("/formatted_read_group"):
            return Reply(body=self.groups(ids, body))
        assert body["order"] == "id asc"
        found = ids[: min(body["limit"], self.most_rows)]
        return Reply(body=[{"id": one, "write_date": self.records[one]} for one in found])

    def groups(self, ids: list[int], body: dict) -> list[dict]:
        assert (body["groupby"], body["aggregates"]) == ([], ["__count", "write_date:max"])
        newest = max((self.records[one] for one in ids), default=False)
        return [{"__count": len(ids), "write_date:max": newest, "__extra_domain": []}]

    def fits(self, one: int, domain: list) -> bool:
        values = {"id": one, "write_date": self.records[one]}
        holds = {">": gt, ">=": ge, "<": lt, "in": lambda value, some: value in some}
        return all(holds[how](values[name], value) for name, how, value in domain)
