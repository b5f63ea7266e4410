-- One row per stocked product, warehouse and day on which customers ordered it there.

with lines as (

    select * from {{ ref('int_sale_lines') }}
    where
        is_storable
        and warehouse_id is not null
        and ordered_date <= {{ as_of_date() }}

),

stockouts as (

    select * from {{ ref('int_stockouts') }}

),

ordered as (

    select
        product_id,
        warehouse_id,
        ordered_date as day,
        min(company_id) as company_id,
        cast(sum(ordered_units) as decimal(18, 4)) as demanded_units,
        cast(sum(case when deal_id is not null then ordered_units else 0 end) as decimal(18, 4)) as deal_units,
        cast(sum(case when deal_id is null then ordered_units else 0 end) as decimal(18, 4)) as base_units,
        cast(count(*) as bigint) as order_lines
    from lines
    group by product_id, warehouse_id, ordered_date

)

select
    ordered.*,
    stockouts.product_id is not null as is_censored

from ordered
left join stockouts
    on
        ordered.product_id = stockouts.product_id
        and ordered.warehouse_id = stockouts.warehouse_id
        and ordered.day >= stockouts.valid_from_date
        and ordered.day < stockouts.valid_to_date
