-- One row per product, warehouse and day that began with nothing free to sell, with the demand that was lost.

{% set days_back = 90 %}

with stockouts as (

    select
        company_id,
        product_id,
        warehouse_id,
        valid_from_date,
        {{ date_rows(
            'valid_from_date', 'least(' ~ days_after('valid_to_date', -1) ~ ', ' ~ as_of_date() ~ ')'
        ) }} as day
    from {{ ref('int_stockouts') }}
    where valid_from_date <= {{ as_of_date() }}

),

beginnings as (

    select
        product_id,
        warehouse_id,
        valid_from_date as moment
    from {{ ref('int_stockouts') }}

),

usual as (

    {{ trailing_demand('beginnings', days_back) }}

),

demand as (

    select * from {{ ref('int_demand') }}

)

select
    stockouts.day,
    stockouts.company_id,
    stockouts.product_id,
    stockouts.warehouse_id,
    cast({{ days_between('stockouts.valid_from_date', 'stockouts.day') }} + 1 as bigint) as stockout_days,
    cast(coalesce(demand.demanded_units, 0) as decimal(18, 4)) as demanded_units,
    cast(usual.mean_units as decimal(18, 4)) as usual_units,
    cast(greatest(
        coalesce(usual.mean_units, 0) - coalesce(demand.demanded_units, 0), 0
    ) as decimal(18, 4)) as lost_units

from stockouts
left join usual
    on
        stockouts.product_id = usual.product_id
        and stockouts.warehouse_id = usual.warehouse_id
        and stockouts.valid_from_date = usual.moment
left join demand
    on
        stockouts.product_id = demand.product_id
        and stockouts.warehouse_id = demand.warehouse_id
        and stockouts.day = demand.day
