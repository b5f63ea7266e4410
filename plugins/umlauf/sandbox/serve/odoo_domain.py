"""Odoo's domains as SQL over the version store.

After odoo/orm/domains.py of 19.0: full prefix notation, `a.b` is `a any b`, `=` and `!=` are `in`
and `not in` of one value, a negation holds for empty values, False stands for every empty value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from umlauf.sandbox.serve.odoo_errors import OdooError, value_error
from umlauf.sandbox.serve.odoo_fields import NUMERIC, Field, Model
from umlauf.sandbox.serve.state import EVER, VISIBLE
from umlauf.sandbox.stamps import parse_iso

INEQUALITIES = ("<", "<=", ">", ">=")
NEGATIVE = {"!=": "=", "<>": "=", "not in": "in", "not ilike": "ilike", "not like": "like",
            "not any": "any"}  # fmt: skip


class Domain:
    """Turns domains into conditions and collects the values they compare with."""

    def __init__(self, learn: Callable[[str], Model]) -> None:
        self.learn = learn
        self.values: dict[str, Any] = {}
        self.named: set[str] = set()  # fields of the searched model that the domain speaks of
        self.since, self.until = EVER  # write_date's bounds, as the store's stamps
        self.depth = 0

    def where(self, domain: Sequence[Any], model: Model) -> str:
        """Return the condition on record `r<depth>`."""
        alias = self.alias
        stack: list[str] = []
        for item in reversed(domain):
            if item in ("&", "|", "!"):
                if len(stack) < (1 if item == "!" else 2):
                    raise value_error(f"Domain() invalid domain, {item!r} lacks operands: {domain}")
                stack.append(_joined(item, stack))
            elif isinstance(item, list | tuple) and len(item) == 3:
                stack.append(self._leaf(item, model, alias))
            else:
                raise value_error(f"Domain() invalid item in domain: {item!r}")
        return " and ".join(reversed(stack)) or "1"

    @property
    def alias(self) -> str:
        """Name of the table at the present depth."""
        return f"r{self.depth}" if self.depth else "r"

    def bind(self, value: Any) -> str:
        """Keep a value, return its place in the SQL."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def _leaf(self, leaf: Sequence[Any], model: Model, alias: str) -> str:
        path, operator, value = leaf
        if path in (0, 1) and (operator, value) == ("=", 1):
            return str(int(path))  # Odoo's TRUE_LEAF and FALSE_LEAF
        name, _, rest = str(path).partition(".")
        if name not in model.fields:
            raise value_error(
                f"Invalid field {model.name}.{name} in condition {(path, operator, value)!r}"
            )
        if not self.depth:
            self.named.add(name)
        field = model.fields[name]
        if rest:
            return self._any(field, [[rest, operator, value]], alias)
        if operator == "=?":
            return "1" if not value else self._leaf([path, "=", value], model, alias)
        positive = NEGATIVE.get(operator, operator)
        condition = self._positive(field, positive, value, alias, leaf)
        return condition if positive == operator else _negated(condition)

    def _positive(
        self, field: Field, operator: str, value: Any, alias: str, leaf: Sequence[Any]
    ) -> str:
        if operator == "any":
            return self._any(field, value, alias)
        if operator in ("ilike", "like"):
            return self._like(field, operator, value, alias)
        if operator == "=":
            operator, value = "in", value if isinstance(value, list) and value else [value]
        if operator == "in":
            return self._in(field, value if isinstance(value, list) else [value], alias)
        if operator in INEQUALITIES:
            return self._inequality(field, operator, value, alias)
        raise value_error(f"Invalid operator in condition {tuple(leaf)!r}")

    def _in(self, field: Field, wanted: list[Any], alias: str) -> str:
        left = column(field, alias)
        real = [one for one in wanted if one is not False and one is not None and one != []]
        either = []
        if len(real) < len(wanted):
            either.append(f"({left} is null or {left} in (0, ''))")
        names = [one for one in real if isinstance(one, str)] if field.type == "many2one" else []
        if names:
            either.append(f"{_label(field, alias)} in ({self._list(names)})")
        if rest := [_text(field, one) for one in real if one not in names]:
            listed = self._list(rest)
            if field.type == "many2many":
                each = f"json_each({alias}.payload, '$.{field.name}')"
                either.append(f"exists (select 1 from {each} e where e.value in ({listed}))")
            else:
                either.append(f"{left} in ({listed})")
        return f"({' or '.join(either)})" if either else "0"

    def _like(self, field: Field, operator: str, value: Any, alias: str) -> str:
        left = _label(field, alias) if field.type == "many2one" else column(field, alias)
        if not value:
            return f"{left} is not null" if field.relation else "1"
        pattern = self.bind(f"%{value}%")
        if operator == "like":
            return f"like_exactly({pattern}, {left})"
        return f"like_folded({pattern}, {left})"

    def _inequality(self, field: Field, operator: str, value: Any, alias: str) -> str:
        if value is False:
            return "0"
        if field.type == "many2one" and isinstance(value, str):
            message = "Inequality not supported for relational field using a string"
            raise OdooError(500, "builtins.TypeError", message)
        if field.type == "datetime":
            operator, value = _second(operator, str(value))
        condition = f"{column(field, alias)} {operator} {self.bind(value)}"
        if field.name == "write_date" and operator in (">=", "<"):
            # Odoo's stamp is the store's, cut to the second: this finds it in the store's index.
            stamp = parse_iso(value)
            if not self.depth:
                self.since, self.until = (
                    (stamp, self.until) if operator == ">=" else (self.since, stamp)
                )
            return f"({alias}.modified_at {operator} {self.bind(stamp)} and {condition})"
        return condition

    def _any(self, field: Field, domain: list[Any], alias: str) -> str:
        if field.relation is None:
            raise value_error(f"Cannot use 'any' with non-relational field {field.name!r}")
        self.depth += 1
        near, model = self.alias, self.learn(field.relation)
        inner = self.where(domain, model)
        self.depth -= 1
        ids = f"(select value from json_each({alias}.payload, '$.{field.name}'))"
        link = f"in {ids}" if field.type == "many2many" else f"= {column(field, alias)}"
        return (
            f"exists (select 1 from record {near} "
            f"where {near}.object = {self.bind(field.relation)} and {near}.id {link} "
            f"and {visible(near)} and {inner})"
        )

    def _list(self, values: list[Any]) -> str:
        return ", ".join(self.bind(value) for value in values)


def visible(alias: str) -> str:
    """Return the condition that a version is shown at the clock."""
    return VISIBLE.replace("r.", f"{alias}.")


def column(field: Field, alias: str = "r") -> str:
    """Return the field's value; empty (false) is null; numbers never are empty."""
    if field.name == "id":
        return f"{alias}.id"
    place = f"{field.name}[0]" if field.type == "many2one" else field.name
    value = f"json_extract({alias}.payload, '$.{place}')"
    return value if field.type in NUMERIC | {"many2one"} else f"nullif({value}, 0)"


def pair(field: Field) -> str:
    """Return a many2one of record `r` as JSON text, [id, name], or null."""
    return f"nullif(json_extract(r.payload, '$.{field.name}'), 0)"


def _label(field: Field, alias: str) -> str:
    return f"json_extract({alias}.payload, '$.{field.name}[1]')"


def _joined(operator: str, stack: list[str]) -> str:
    if operator == "!":
        return _negated(stack.pop())
    word = "and" if operator == "&" else "or"
    return f"({stack.pop()} {word} {stack.pop()})"


def _negated(condition: str) -> str:
    # What compares with an empty value is unknown to SQL, and false to Odoo.
    return f"not coalesce({condition}, 0)"


def _text(field: Field, value: Any) -> Any:
    return value.replace("T", " ")[:19] if field.type == "datetime" else value


def _second(operator: str, value: str) -> tuple[str, str]:
    """Return a comparison in whole seconds; a mere date stands for the whole day."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise value_error(f"Failed to cast {value!r} into a datetime") from error
    step = timedelta(days=1) if _is_date(value) else timedelta(seconds=1)
    if operator in (">", "<="):
        moment += step
        operator = ">=" if operator == ">" else "<"
    return operator, moment.strftime("%Y-%m-%d %H:%M:%S")


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
