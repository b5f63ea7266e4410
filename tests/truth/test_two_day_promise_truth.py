"""Two-day promises against what came: made at past origins, judged by the company's own diary."""

import pytest

pytestmark = pytest.mark.integration

JUDGED = """
with made as (
    select promises.*, product_code, warehouse_code
    from intermediate.int_two_day_promises as promises
    inner join core.dim_product using (product_id)
    inner join core.dim_warehouse using (warehouse_id)
    where forecast_date + 28 <= (select max(forecast_date) from intermediate.int_forecast_origins)
),

ordered as (
    select made.forecast_date, made.product_id, made.warehouse_id,
        sum(demand.demanded_units) as units
    from made
    inner join truth.demand as demand
        on made.product_code = demand.product_code
        and made.warehouse_code = demand.warehouse_code
        and cast(demand.day as date) > made.forecast_date
        and cast(demand.day as date) <= made.forecast_date + 28
    group by all
),

-- Goods from makers that came within two days of the origin, of orders that stood by then.
arrived as (
    select made.forecast_date, made.product_id, made.warehouse_id, sum(moves.units) as units
    from made
    inner join truth.stock_move as moves
        on made.product_code = moves.product_code
        and made.warehouse_code = moves.to_warehouse_code
        and cast(moves.day as date) > made.forecast_date
        and cast(moves.day as date) <= made.forecast_date + 2
    inner join inventory.fct_stock_move as documents
        on moves.move_line_id = documents.move_line_id
    inner join inventory.fct_purchase_line as purchases using (purchase_line_id)
    where purchases.ordered_date <= made.forecast_date
    group by all
)

select made.forecast_date, made.product_code, made.warehouse_code,
    made.p_two_days, made.is_kept, made.needed_units, coalesce(ordered.units, 0) as ordered_units,
    made.on_hand_units, coalesce(stock.on_hand_units, 0) as stock_units,
    coalesce(ordered.units, 0)
        <= coalesce(stock.on_hand_units, 0) - made.outgoing_units + coalesce(arrived.units, 0)
        as was_kept
from made
left join ordered using (forecast_date, product_id, warehouse_id)
left join arrived using (forecast_date, product_id, warehouse_id)
left join truth.stock_daily as stock
    on made.product_code = stock.product_code
    and made.warehouse_code = stock.warehouse_code
    and made.forecast_date = cast(stock.day as date)
"""


def test_promises_are_judged_by_what_was_on_hand_and_what_was_ordered(company):
    judged = company.rows(f"select count(*), count(is_kept) from ({JUDGED}) as judged")[0]
    wrong = company.rows(
        f"select * from ({JUDGED}) as judged where needed_units is distinct from ordered_units "
        "or on_hand_units <> stock_units or is_kept is distinct from was_kept"
    )

    assert judged[0] == judged[1] >= 400
    assert not wrong, f"{len(wrong)} of {judged}: {wrong[:3]}"


def test_the_likelier_a_promise_the_more_often_it_was_kept(company):
    # A small company makes too few promises for tenths: a third of them is some hundred.
    kept = company.rows(
        "select case when p_two_days < 0.4 then 'low' when p_two_days < 0.85 then 'middle' "
        "else 'high' end as promised, count(*), avg(p_two_days), avg(cast(was_kept as integer)) "
        f"from ({JUDGED}) as judged where p_two_days is not null group by all"
    )

    assert {name for name, *_ in kept} == {"low", "middle", "high"}
    assert all(many >= 30 for _, many, *_ in kept)
    assert all(abs(float(promised) - share) < 0.1 for *_, promised, share in kept), kept
