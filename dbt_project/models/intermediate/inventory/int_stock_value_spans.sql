-- One row per company, product and span of days on which its units and value stood still; end of day counts.

with moves as (

    select * from {{ ref('int_stock_moves_costed') }}
    where is_storable and direction <> 0

),

revaluations as (

    select * from {{ ref('int_stock_revaluations') }}

),

products as (

    select * from {{ ref('int_products') }}

),

events as (

    select
        company_id,
        product_id,
        move_date as event_date,
        moved_at as event_at,
        0 as is_revaluation,
        cast(move_line_id as bigint) as event_order,
        units,
        value_amount,
        cast(null as decimal(18, 6)) as set_unit_price
    from moves

    union all

    select
        company_id,
        product_id,
        valued_date as event_date,
        valued_at as event_at,
        1 as is_revaluation,
        cast(product_value_id as bigint) as event_order,
        cast(0 as decimal(18, 4)) as units,
        cast(0 as decimal(18, 2)) as value_amount,
        unit_price as set_unit_price
    from revaluations

),

-- A price set by hand opens an epoch and counts for everything moved up to its own second, as in Odoo.
counted as (

    select
        *,
        cast(sum(units) over product_history as decimal(18, 4)) as units_here,
        sum(is_revaluation) over product_history as epoch

    from events
    window product_history as (
        partition by company_id, product_id
        order by event_at, is_revaluation, event_order
        rows between unbounded preceding and current row
    )

),

priced as (

    select
        *,
        max(set_unit_price) over (partition by company_id, product_id, epoch) as epoch_unit_price
    from counted

),

valued as (

    select
        *,
        cast(round(units_here * epoch_unit_price, 2) as decimal(18, 2)) as value_at_standard,
        cast(sum(
            case
                when is_revaluation = 1 then cast(round(units_here * set_unit_price, 2) as decimal(18, 2))
                else value_amount
            end
        ) over (
            partition by company_id, product_id, epoch
            order by event_at, is_revaluation, event_order
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as value_of_moves

    from priced

),

closing as (

    select *
    from valued
    qualify row_number() over (
        partition by company_id, product_id, event_date
        order by event_at desc, is_revaluation desc, event_order desc
    ) = 1

)

select
    closing.company_id,
    closing.product_id,
    closing.event_date as valid_from_date,
    lead(closing.event_date, 1, {{ open_end() }}) over (
        partition by closing.company_id, closing.product_id
        order by closing.event_date
    ) as valid_to_date,
    closing.units_here as company_units,
    -- docs/decisions: stock is worth what the ERP's own cost method says it is worth.
    case products.cost_method
        when 'standard' then coalesce(closing.value_at_standard, closing.value_of_moves)
        else closing.value_of_moves
    end as company_value
from closing
inner join products on closing.product_id = products.product_id
