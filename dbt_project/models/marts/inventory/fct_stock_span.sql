-- One row per product, warehouse and span of days on which none of its measures changed.

with levels as (

    select * from {{ ref('int_stock_levels_valued') }}

),

companies as (

    select * from {{ ref('int_companies') }}

),

compared as (

    select
        *,
        on_hand_units <> lag(on_hand_units) over place_history
        or incoming_units <> lag(incoming_units) over place_history
        or outgoing_units <> lag(outgoing_units) over place_history
        or reserved_units <> lag(reserved_units) over place_history
        or value_amount <> lag(value_amount) over place_history as is_changed

    from levels
    window place_history as (partition by company_id, product_id, warehouse_id order by change_date)

),

changed as (

    select *
    from compared
    -- Null: nothing before it.
    where coalesce(is_changed, true)

)

select
    changed.company_id,
    changed.product_id,
    changed.warehouse_id,
    changed.change_date as valid_from_date,
    lead(changed.change_date, 1, {{ open_end() }}) over (
        partition by changed.company_id, changed.product_id, changed.warehouse_id
        order by changed.change_date
    ) as valid_to_date,
    changed.on_hand_units,
    changed.reserved_units,
    changed.incoming_units,
    changed.outgoing_units,
    cast(changed.on_hand_units - changed.reserved_units as decimal(18, 4)) as available_units,
    cast(
        changed.on_hand_units + changed.incoming_units - changed.outgoing_units as decimal(18, 4)
    ) as forecast_units,
    changed.on_hand_units < 0 as is_negative,
    changed.value_amount,
    companies.currency_code
from changed
left join companies on changed.company_id = companies.company_id
