"""Nights that each add their news end where a build of everything does, whatever the history.

HISTORIES=1000 pytest tests/warehouse/test_random_histories.py      more than `make test` looks at
"""

import os
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.warehouse.compiled_models import (
    STREAMS,
    add_night,
    build_all,
    build_rest,
    compile_models,
    connect,
    contents,
    land,
)
from tests.warehouse.random_records import KEYS, payload

from umlauf.settings import load_settings

pytestmark = pytest.mark.integration

FIRST_NIGHT = datetime(2026, 3, 1, 3, tzinfo=UTC)
# Streams that say something together: rows judged by others', or told by all their versions.
TOGETHER = [
    [("hubspot", "deals")],
    [("hubspot", "pipelines")],
    [("bank", "entries"), ("bank", "statements")],
    [("odoo", "stock_move_line"), ("odoo", "stock_move"), ("odoo", "stock_location")],
    [("odoo", "purchase_order_line"), ("odoo", "purchase_order"), ("odoo", "uom_uom")],
    [("odoo", "product_product"), ("odoo", "product_template"), ("odoo", "uom_uom")],
]
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("source", "stream", "record_key", "payload")]
    + [(name, pa.timestamp("us", "UTC")) for name in ("record_version", "fetched_at")]
    + [("is_deleted", pa.bool_()), ("night", pa.int32())]
)


def rows_of(streams):
    return st.tuples(
        st.sampled_from(streams),
        st.sampled_from(KEYS),
        st.integers(0, 3),  # its version: late ones come after newer ones
        st.integers(0, 6).map(lambda one: one == 0),  # a tombstone
        st.integers(0, 40),  # what it says
        st.integers(0, 2),  # when in the night it was fetched: ties are many
    )


HISTORIES = (
    st.one_of(st.sampled_from(TOGETHER), st.sampled_from(STREAMS).map(lambda one: [one]))
    .map(rows_of)
    .flatmap(lambda rows: st.lists(st.lists(rows, min_size=1, max_size=8), min_size=2, max_size=5))
)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return compile_models(load_settings(home=tmp_path_factory.mktemp("models") / "var"))


@pytest.fixture(scope="module")
def connection(models):
    with connect(models) as opened:
        build_all(opened, models)
        yield opened


def landed(nights):
    """Return the nights' rows as they are landed; a later night is fetched later."""
    return pa.Table.from_pylist(
        [
            {
                "source": source,
                "stream": stream,
                "night": number,
                "record_key": key,
                "record_version": FIRST_NIGHT - timedelta(days=9 - version),
                "is_deleted": is_deleted,
                "payload": None if is_deleted else payload(source, stream, flavour),
                "fetched_at": FIRST_NIGHT + timedelta(days=number, seconds=second),
            }
            for number, rows in enumerate(nights)
            for (source, stream), key, version, is_deleted, flavour, second in rows
        ],
        schema=SCHEMA,
    )


@settings(
    max_examples=int(os.environ.get("HISTORIES", "100")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(nights=HISTORIES)
def test_nights_that_add_their_news_say_what_a_build_of_everything_says(models, connection, nights):
    streams = {row[0] for night in nights for row in night}
    told = [model for model in models if model.streams & streams]
    land(connection, landed(nights))
    for number in range(len(nights)):
        add_night(connection, told, number)
    build_rest(connection, told)
    added = contents(connection, told)

    build_all(connection, told)

    whole = contents(connection, told)
    land(connection, landed([]))
    build_all(connection, told)
    assert added == whole


def test_every_model_that_reads_landing_is_among_them(models):
    adding = {model.relation for model in models if model.keys}

    assert len(adding) > 30
    assert {"staging.typed_bank__entries", "intermediate.int_landed_keys"} <= adding
