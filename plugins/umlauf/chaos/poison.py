"""Records that say what no source should: one value of one record of an answer is replaced."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from umlauf.chaos.exchange import Exchange
from umlauf.chaos.mischief import mischief

Change = Callable[[Any], Any]
_MARK = "@@number@@"


def _fields(record: dict[str, Any]) -> dict[str, Any]:
    inner = record.get("properties")
    return inner if isinstance(inner, dict) else record


def _names(record: dict[str, Any], fits: Callable[[str, Any], bool]) -> list[str]:
    return sorted(name for name, value in _fields(record).items() if fits(name, value))


def _is_key_or_stamp(name: str) -> bool:
    return name in ("id", "hs_object_id", "write_date", "create_date", "hs_lastmodifieddate",
                    "lastmodifieddate", "createdate")  # fmt: skip


def _spoils(
    name: str, row: int, fits: Callable[[str, Any], bool], change: Change, literal: str = ""
) -> None:
    """Declare a kind that changes one fitting field; `literal` is JSON no library would write."""

    async def spoil(exchange: Exchange) -> bool:
        answer = await exchange.answer()
        records = answer.records
        hit = [
            (record, field)
            for record in records
            for field in _names(record, lambda key, value: fits(key, value))
        ]
        if not hit:
            return False
        record, field = exchange.chance.choice(hit)
        fields = _fields(record)
        fields[field] = change(fields[field])
        changed = answer.with_records(records)
        if literal:
            changed.body = changed.body.replace(json.dumps(_MARK).encode(), literal.encode())
        await exchange.give_answer(changed)
        return True

    spoil.__name__ = name
    mischief(row, can_fail=True)(spoil)


def _is_number(name: str, value: Any) -> bool:
    is_text_number = isinstance(value, str) and value.replace(".", "", 1).isdigit()
    return not _is_key_or_stamp(name) and (
        (isinstance(value, int | float) and not isinstance(value, bool)) or is_text_number
    )


def _is_text(name: str, value: Any) -> bool:
    return isinstance(value, str) and not _is_key_or_stamp(name) and not _is_number(name, value)


def _is_any(name: str, _: Any) -> bool:
    return not _is_key_or_stamp(name)


def _is_stamp(name: str, value: Any) -> bool:
    return _is_key_or_stamp(name) and isinstance(value, str) and "-" in value


for _name, _literal in {
    "not_a_number": "NaN",
    "infinite": "Infinity",
    "beyond_a_double": "1e400",
    "beyond_64_bits": str(2**63),
    "of_forty_digits": "1" + "0" * 38 + ".25",
}.items():
    _spoils(f"number_{_name}", 21, _is_number, lambda _: _MARK, _literal)
_spoils("number_in_german", 62, _is_number, lambda value: "1.234,56")
_spoils("number_became_text", 19, _is_number, lambda value: f"ca. {value}")
_spoils("number_became_a_list", 19, _is_number, lambda value: [value])
_spoils("number_negative", 23, _is_number, lambda value: f"-{value}")
_spoils("text_empty", 22, _is_text, lambda _: "")
_spoils("text_null", 22, _is_text, lambda _: None)
_spoils("text_with_spaces", 22, _is_text, lambda value: f"  {value}\u00a0")
_spoils("text_with_byte_order_mark", 22, _is_text, lambda value: f"\ufeff{value}")
_spoils("text_with_nul", 22, _is_text, lambda value: f"{value}\x00")
_spoils("text_with_lone_surrogate", 22, _is_text, lambda value: f"{value}\ud800")
_spoils("text_right_to_left", 22, _is_text, lambda value: f"\u202e{value}")
_spoils("text_decomposed", 22, _is_text, lambda value: f"{value}u\u0308")
_spoils("text_of_sql", 39, _is_text, lambda value: f"{value}'; drop table deals; --")
_spoils("text_of_jinja", 39, _is_text, lambda value: f"{{{{ 1/0 }}}}{value}{{% endraw %}}")
_spoils("text_of_4_kb", 39, _is_text, lambda value: (value or "x") * 1 + "y" * 4096)
_spoils("text_of_a_formula", 40, _is_text, lambda value: f"=cmd|{value}")
_spoils(
    "text_of_a_forged_log_line", 41, _is_text, lambda value: f"{value}\r\n\x1b[31mERROR all lost"
)
_spoils("value_unknown", 20, _is_text, lambda _: "no_such_value_before")
_spoils("currency_unknown", 24, lambda name, _: "currency" in name, lambda _: "XXX")
_spoils("stamp_unreadable", 19, _is_stamp, lambda _: "yesterday")
_spoils("stamp_without_zone", 54, _is_stamp, lambda value: value.rstrip("Z").replace("T", " "))


def _reshapes(name: str, row: int, change: Callable[[dict[str, Any], Exchange], None]) -> None:
    async def spoil(exchange: Exchange) -> bool:
        answer = await exchange.answer()
        records = answer.records
        if not records:
            return False
        for record in records:
            change(record, exchange)
        await exchange.give_answer(answer.with_records(records))
        return True

    spoil.__name__ = name
    mischief(row, can_fail=True)(spoil)


def _add_field(record: dict[str, Any], _: Exchange) -> None:
    _fields(record)["brand_new_field"] = "news"


def _drop_field(record: dict[str, Any], exchange: Exchange) -> None:
    fields = _fields(record)
    names = _names(record, _is_any)
    if names:
        fields.pop(names[exchange.chance.randrange(1000) % len(names)])


def _rename_field(record: dict[str, Any], exchange: Exchange) -> None:
    fields = _fields(record)
    names = _names(record, _is_any)
    if names:
        name = names[exchange.chance.randrange(1000) % len(names)]
        fields[f"{name}_v2"] = fields.pop(name)


def _drop_key(record: dict[str, Any], _: Exchange) -> None:
    record.pop("id", None)


_reshapes("new_field_in_every_record", 18, _add_field)
_reshapes("field_gone_from_every_record", 19, _drop_field)
_reshapes("field_renamed_in_every_record", 19, _rename_field)
_reshapes("key_gone_from_every_record", 19, _drop_key)
