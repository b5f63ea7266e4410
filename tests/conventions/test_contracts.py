"""A model reads only fields that people have accepted, and every raw stream has a contract."""

import re
from pathlib import Path

import pytest

from umlauf.quality.contract import has_contracts, read_contract
from umlauf.sources.registry import all_sources

STAGING = Path(__file__).parents[2] / "dbt_project" / "models" / "staging"
STREAMS = [
    (source.name, stream.name)
    for source in filter(has_contracts, all_sources())
    for stream in source.streams
]
_READ = re.compile(
    r"(?:hubspot_text|odoo_\w+)\('([\w:]+)'|(?:fields|histories)\['([\w:]+)'\]"
    r"|json_(?:text|rows)\('payload', '([\w.]+)'\)"
)
# Read, but not among the fields that the source asks for: always empty until it does.
NOT_ASKED_FOR = {
    "odoo.product_template": {"cost_method"},
    "odoo.product_supplierinfo": {"product_uom_id"},
    "odoo.product_value": {"lot_id"},
    "odoo.sale_order_line": {"product_uom_id"},
}


def fields_read(source, stream):
    """Return the names of the fields that the staging models of a stream read."""
    models = [file.read_text() for file in (STAGING / source).glob("*.sql")]
    texts = [text for text in models if f"'{source}', '{stream}'" in text]
    return {name for text in texts for found in _READ.findall(text) for name in found if name}


def ends(path):
    """Return every way to name a field, or what it stands in: `a.b[].c` is c, b.c, a.b, b, ..."""
    steps = path.replace("[]", "").split(".")
    return {".".join(steps[a:b]) for a in range(len(steps)) for b in range(a + 1, len(steps) + 1)}


def test_there_are_streams_and_fields_to_look_at():
    assert len(STREAMS) > 30
    assert fields_read("hubspot", "deals") > {"amount", "dealstage"}
    assert fields_read("odoo", "stock_quant") > {"product_id", "quantity"}


@pytest.mark.parametrize(("source", "stream"), STREAMS, ids=lambda name: name)
def test_a_model_reads_only_fields_that_are_accepted(source, stream):
    contract = read_contract(source, stream)
    known = {name for path in contract.fields for name in ends(path)}

    assert contract.fields, f"umlauf contract accept {source} {stream}"
    assert fields_read(source, stream) - known == NOT_ASKED_FOR.get(contract.name, set())
