"""As much of Odoo's JSON-2 API as the client asks for, over a dict of one model's records."""

from dataclasses import dataclass, field

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
        assert body["order"] == "id asc"
        shows_all = body["context"].get("active_test") is False
        ids = [
            one
            for one in sorted(self.records)
            if self.fits(one, body["domain"]) and (shows_all or one not in self.archived)
        ][: min(body["limit"], self.most_rows)]
        if request.path.endswith("/search"):
            return Reply(body=ids)
        return Reply(body=[{"id": one, "write_date": self.records[one]} for one in ids])

    def fits(self, one: int, domain: list) -> bool:
        values = {"id": one, "write_date": self.records[one]}
        compare = {">": "__gt__", ">=": "__ge__", "<": "__lt__"}
        return all(getattr(values[name], compare[how])(value) for name, how, value in domain)
