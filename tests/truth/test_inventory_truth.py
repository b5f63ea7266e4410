"""Stock and purchases against what the simulated company knows of itself: no tolerance."""

import pytest

pytestmark = pytest.mark.integration

STOCK = """
with found as (
    select day, product_code, warehouse_code, on_hand_units, value_amount
    from inventory.fct_stock_daily
    inner join core.dim_product using (product_id)
    inner join core.dim_warehouse using (warehouse_id)
),

known as (
    select cast(day as date) as day, product_code, warehouse_code, on_hand_units,
        cast(value as decimal(18, 2)) as value_amount
    from truth.stock_daily as stock
)

select
    day, product_code, warehouse_code,
    found.on_hand_units, known.on_hand_units, found.value_amount, known.value_amount
from found
full outer join known using (day, product_code, warehouse_code)
"""
# Neither side needs a row where there is nothing.
STOCK_DIFFERS = """
where coalesce(found.on_hand_units, 0) <> coalesce(known.on_hand_units, 0)
    or coalesce(found.value_amount, 0) <> coalesce(known.value_amount, 0)
"""
MOVES = """
with found as (
    select move_line_id, product_code, move_date, moved_units, abs(value_amount) as value_amount,
        sources.warehouse_code as from_code, targets.warehouse_code as to_code
    from inventory.fct_stock_move
    inner join core.dim_product using (product_id)
    left join core.dim_warehouse as sources on from_warehouse_id = sources.warehouse_id
    left join core.dim_warehouse as targets on to_warehouse_id = targets.warehouse_id
),

known as (
    select cast(move_line_id as varchar) as move_line_id, product_code, cast(day as date) as day,
        abs(units) as units, abs(cast(value as decimal(18, 2))) as value_amount,
        from_warehouse_code as from_code, to_warehouse_code as to_code
    from truth.stock_move as moves
)

select found, known
from found
full outer join known using (move_line_id)
"""
MOVES_DIFFER = """
where found.product_code is distinct from known.product_code
    or found.move_date is distinct from known.day
    or found.from_code is distinct from known.from_code
    or found.to_code is distinct from known.to_code
    or found.moved_units is distinct from known.units
    or found.value_amount is distinct from known.value_amount
"""
PURCHASES = """
with found as (
    select purchase_line_id as line_id, product_code, supplier_ref, ordered_date, promised_date,
        received_date, ordered_units, received_units, unit_price, currency_code
    from inventory.fct_purchase_line
    inner join core.dim_product using (product_id)
    inner join core.dim_supplier using (supplier_id)
),

known as (
    select cast(line_id as varchar) as line_id, product_code, supplier_ref, ordered_date,
        promised_date, received_date, ordered_units, received_units,
        cast(price as decimal(18, 2)) as price, currency_code
    from truth.purchase_line as lines
)

select found, known
from found
full outer join known using (line_id)
"""
PURCHASES_DIFFER = """
where found.product_code is distinct from known.product_code
    or found.supplier_ref is distinct from known.supplier_ref
    or found.ordered_date is distinct from known.ordered_date
    or found.promised_date is distinct from known.promised_date
    or found.received_date is distinct from known.received_date
    or found.ordered_units is distinct from known.ordered_units
    or found.received_units is distinct from known.received_units
    or found.unit_price is distinct from known.price
    or found.currency_code is distinct from known.currency_code
"""

DEMAND = """
with found as (
    select day, product_code, warehouse_code, demanded_units, deal_units
    from inventory.fct_demand_daily
    inner join core.dim_product using (product_id)
    inner join core.dim_warehouse using (warehouse_id)
),

known as (
    select cast(day as date) as day, product_code, warehouse_code, demanded_units, deal_units
    from truth.demand as demand
)

select found, known
from found
full outer join known using (day, product_code, warehouse_code)
"""
# The truth has no row for a day without an order, the mart one with zero.
DEMAND_DIFFERS = """
where coalesce(found.demanded_units, 0) <> coalesce(known.demanded_units, 0)
    or coalesce(found.deal_units, 0) <> coalesce(known.deal_units, 0)
"""


@pytest.mark.parametrize(
    ("compared", "differing", "at_least"),
    [
        pytest.param(STOCK, STOCK_DIFFERS, 5_000, id="every_product_warehouse_and_day"),
        pytest.param(MOVES, MOVES_DIFFER, 1_000, id="every_move_line"),
        pytest.param(DEMAND, DEMAND_DIFFERS, 5_000, id="demand_of_every_product_warehouse_and_day"),
        pytest.param(PURCHASES, PURCHASES_DIFFER, 50, id="every_purchase_line"),
    ],
)
def test_the_mart_holds_what_the_company_knows(company, compared, differing, at_least):
    rows = company.rows(compared)
    different = company.rows(compared + differing)

    assert len(rows) >= at_least
    assert not different, f"{len(different)} of {len(rows)}: {different[:3]}"


@pytest.mark.parametrize(
    ("case", "query"),
    [
        ("demand that came through a deal", "inventory.fct_demand_daily where deal_units > 0"),
        ("days that ran out", "inventory.fct_stockout_day where lost_units > 0"),
    ],
)
def test_the_company_has_the_cases_that_are_hard(company, case, query):
    found = company.rows(f"select count(*) from {query}")

    assert found[0][0] > 0, f"no {case}: the comparison proves less"


def test_stock_is_true_on_the_days_that_were_back_dated(company):
    back_dated = company.rows(
        "select count(*) from inventory.fct_stock_move where is_backdated and units <> 0"
    )

    assert back_dated[0][0] > 0, "the company posted nothing back-dated: the comparison proves less"


def test_goods_went_back_to_suppliers_and_count_no_longer_as_received(company):
    net = company.rows(
        """
        select count(*) from inventory.fct_stock_move as moves
        inner join inventory.fct_purchase_line as lines using (purchase_line_id)
        where moves.movement = 'return_to_supplier' and lines.received_units < lines.ordered_units
        """
    )

    assert net[0][0] > 0, "the company sent nothing back: the comparison proves less"


def test_units_in_other_packs_were_converted(company):
    packed = company.rows(
        """
        select count(*) from staging.stg_odoo__stock_move_line as lines
        inner join inventory.fct_stock_move as moves using (move_line_id)
        where lines.moved_units <> moves.moved_units
        """
    )

    assert packed[0][0] > 0, "nothing was bought by the pack: the comparison proves less"
