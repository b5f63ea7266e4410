"""The methods of Odoo's models that the sandbox answers; parameters as in odoo/orm/models.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from umlauf.sandbox.serve.odoo_domain import Domain, column, visible
from umlauf.sandbox.serve.odoo_errors import OdooError, missing, value_error
from umlauf.sandbox.serve.odoo_fields import Model, learn
from umlauf.sandbox.serve.odoo_groups import Groups
from umlauf.sandbox.serve.state import PAYLOAD, State, by_stamp

_record = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_encode = msgspec.json.Encoder().encode
Words = Sequence[str]


class Calls:
    """The methods of one model, for one call with its ids and context."""

    def __init__(self, state: State, model: Model, ids: list[int], context: dict[str, Any]) -> None:
        self.state, self.model, self.ids, self.context = state, model, ids, context

    def search_read(
        self,
        domain: list[Any] | None = None,
        fields: Words | None = None,
        offset: int = 0,
        limit: int | None = None,
        order: str | None = None,
    ) -> bytes:
        """Return the records of a domain, with `fields`."""
        rows = self._select(PAYLOAD, domain or [], order, limit, offset)
        return b"[" + b",".join(self._cut([row[0] for row in rows], fields)) + b"]"

    def search(
        self,
        domain: list[Any],
        offset: int = 0,
        limit: int | None = None,
        order: str | None = None,
    ) -> bytes:
        """Return the ids of a domain."""
        return _encode([row[0] for row in self._select("r.id", domain, order, limit, offset)])

    def search_count(self, domain: list[Any], limit: int | None = None) -> bytes:
        """Return how many records a domain has, counting to `limit` at most."""
        count = self._select("count(*)", domain, "")[0][0]
        return _encode(min(count, limit) if limit else count)

    def read(self, fields: Words | None = None, load: str = "_classic_read") -> bytes:
        """Return the records with the ids of the call, in their order."""
        if load != "_classic_read":
            raise value_error(f"the sandbox knows only load='_classic_read', not {load!r}")
        self.context = {"active_test": False}  # who names ids sees archived records
        domain = [["id", "in", self.ids]]
        found = dict(self._select(f"r.id, {PAYLOAD}", domain, None)) if self.ids else {}
        for one in self.ids:
            if one not in found:
                raise missing(self.model.name, one)
        return b"[" + b",".join(self._cut([found[one] for one in self.ids], fields)) + b"]"

    def fields_get(self, allfields: Words | None = None, attributes: Words | None = None) -> bytes:
        """Return the fields: name, type, string, and the model a relation leads to."""
        about = {}
        for field in self.model.fields.values():
            facts: dict[str, Any] = {
                "type": field.type,
                "name": field.name,
                "string": field.name.removesuffix("_id").replace("_", " ").title(),
                "store": True,
                "readonly": field.name in ("id", "create_date", "write_date"),
            }
            if field.relation and field.name != "id":
                facts["relation"] = field.relation
            if not allfields or field.name in allfields:
                about[field.name] = {
                    key: fact for key, fact in facts.items() if not attributes or key in attributes
                }
        return _encode(about)

    def formatted_read_group(
        self,
        domain: list[Any],
        groupby: Words = (),
        aggregates: Words = (),
        having: list[Any] | tuple[()] = (),
        offset: int = 0,
        limit: int | None = None,
        order: str | None = None,
    ) -> bytes:
        """Return aggregates per group."""
        if having or order:
            raise value_error("the sandbox knows neither 'having' nor 'order' of groups")
        groups = Groups(self.model, groupby, aggregates)
        rows = self._select(", ".join([*groups.columns, "0"]), domain, "")
        made = groups.of([row[:-1] for row in rows])
        return _encode(made[offset : offset + limit if limit else None])

    def _select(
        self,
        what: str,
        domain: list[Any],
        order: str | None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Any]:
        search = Domain(lambda name: learn(self.state, name))
        where = search.where(domain, self.model)
        if self._hides_archived(search.named):
            where = f"({where}) and json_extract(r.payload, '$.active') = 1"
        clause = "" if order == "" else f" order by {_order(order or 'id', self.model)}"
        sql = (
            f"select {what} from record r where r.object = :model "
            f"and {visible('r')} and {where}{clause} limit {int(limit or -1)} offset {int(offset)}"
        )
        if self.state.is_narrow(self.model.name, search.since, search.until):
            sql = by_stamp(sql)
        values = {"model": self.model.name, "clock": self.state.clock()}
        return self.state.rows(sql, search.values | values)

    def _hides_archived(self, named: set[str]) -> bool:
        is_asked = self.context.get("active_test", True) and "active" not in named
        return bool(is_asked) and "active" in self.model.fields

    def _cut(self, payloads: list[bytes], fields: Words | None) -> list[bytes]:
        """Return the records with `id` and the fields asked for; all of them untouched."""
        wanted = ["id", *(self.model.field(name).name for name in fields or ())]
        if not fields or set(wanted) >= self.model.fields.keys():
            return payloads
        cut = []
        for payload in payloads:
            record = _record(payload)
            cut.append(_encode({name: record[name] for name in wanted if name in record}))
        return cut


def _order(order: str, model: Model) -> str:
    """Return an ORDER BY; empty values are last, or first when descending, as in PostgreSQL."""
    parts = []
    for part in order.split(","):
        name, _, way = part.strip().partition(" ")
        if way.strip().lower() not in ("", "asc", "desc"):
            message = f'Invalid "order" specified ({order}).'
            raise OdooError(422, "odoo.exceptions.UserError", message)
        if name not in model.fields:
            raise value_error(f"Invalid field {name!r} on model {model.name!r}")
        is_down = way.strip().lower() == "desc"
        nulls = "" if name == "id" else (" nulls first" if is_down else " nulls last")
        parts.append(f"{column(model.fields[name])}{' desc' if is_down else ''}{nulls}")
    return ", ".join(parts)


METHODS: dict[str, Callable[..., bytes]] = {
    name: method for name, method in vars(Calls).items() if not name.startswith("_")
}
