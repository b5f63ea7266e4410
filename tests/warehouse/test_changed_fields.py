"""Whatever type a field takes on, no model breaks, no record vanishes, no text is made of it."""

import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from tests.warehouse.compiled_models import build_all, compile_models, connect, land

from umlauf.quality.contract import has_contracts, read_contract
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources

pytestmark = pytest.mark.integration

AT = datetime(2026, 3, 1, 3, tzinfo=UTC)
PLAIN = {
    "text": "x",
    "number": 1,
    "date": "2026-01-02",
    "stamp": "2026-01-02 10:00:00",
    "boolean": True,
    "array": [1, "a"],
}
ODD = {
    "gone": ...,
    "null": None,
    "text": "no JSON [",
    "number": 1e400,
    "boolean": True,
    "array": [5, "five"],
    "object": {"de": "fünf"},
    "empty array": [],
    "empty object": {},
    "bare quote": '"',
}
CONTRACTS = [
    read_contract(source.name, stream.name)
    for source in filter(has_contracts, all_sources())
    for stream in source.streams
]
# Columns that say what a text field says, and nothing else.
TEXTS = {
    "staging.base_hubspot__deals": {"deal_name", "deal_type", "lost_reason"},
    "staging.base_hubspot__companies": {"company_name", "industry", "web_domain"},
    "staging.base_hubspot__contacts": {"first_name", "last_name", "phone"},
    "staging.base_odoo__res_partner": {"partner_name"},
    "staging.base_odoo__account_move": {"move_name", "payment_reference", "move_ref"},
}


def put(record, path, value):
    """Set the field at a contract's `path`, in one element of each array on the way."""
    name, _, rest = path.partition(".")
    key = name.removesuffix("[]")
    if not rest:
        record[key] = value
        if value is ...:
            del record[key]
    elif name.endswith("[]"):
        put(record.setdefault(key, [{}])[0], rest, value)
    else:
        put(record.setdefault(key, {}), rest, value)


def plain(contract):
    record = {}
    for field in contract.fields.values():
        put(record, field.path, PLAIN[min(field.types)])
    return record


def changed():
    """Yield source, stream, key and payload of records of which one field is odd."""
    for contract in CONTRACTS:
        for path in contract.fields:
            for name, value in ODD.items():
                record = plain(contract)
                put(record, path, value)
                text = json.dumps(record).replace("Infinity", "1e400")
                yield contract.source, contract.stream, f"{path} {name}", text


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    models = compile_models(load_settings(home=tmp_path_factory.mktemp("models") / "var"))
    rows = [
        {
            "source": source, "stream": stream, "record_key": key, "payload": payload,
            "record_version": AT, "fetched_at": AT, "is_deleted": False, "night": 0,
        }
        for source, stream, key, payload in changed()
    ]  # fmt: skip
    with connect(models) as connection:
        table = pa.Table.from_pylist(rows)
        stamps = pa.timestamp("us")
        for name in ("record_version", "fetched_at"):
            place = table.schema.get_field_index(name)
            table = table.set_column(place, name, table[name].cast(stamps))
        land(connection, table)
        build_all(connection, models)
        yield connection


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_every_record_is_still_in_its_base_model(built, contract):
    base = f"staging.base_{contract.source}__{contract.stream}"

    (found,) = built.sql(f"select count(distinct record_key) from {base}").fetchone()

    assert found == len(contract.fields) * len(ODD)


@pytest.mark.parametrize("model", TEXTS)
def test_what_is_no_text_is_empty_and_texts_in_brackets_stay(built, model):
    for column in TEXTS[model]:
        found = {text for (text,) in built.sql(f"select distinct {column} from {model}").fetchall()}

        assert None in found
        assert "no JSON [" in found
        assert not any(text.startswith(("{", "[")) for text in found if text)
