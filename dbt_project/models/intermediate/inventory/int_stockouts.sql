-- One row per product, warehouse and span of days that began with nothing free to sell.

with spans as (

    -- Where nothing is sold from, as on the road between two warehouses, nothing runs out.
    select
        company_id,
        product_id,
        warehouse_id,
        -- What a day ends with, the next begins with.
        {{ days_after('valid_from_date', 1) }} as valid_from_date,
        case
            when valid_to_date < {{ open_end() }} then {{ days_after('valid_to_date', 1) }}
            else valid_to_date
        end as valid_to_date,
        available_units <= 0 as is_out

    from {{ ref('fct_stock_span') }}
    where warehouse_id in (select orders.warehouse_id from {{ ref('int_sale_orders') }} as orders)

),

numbered as (

    select
        *,
        row_number() over (partition by product_id, warehouse_id order by valid_from_date)
        - row_number() over (partition by product_id, warehouse_id, is_out order by valid_from_date) as run
    from spans

)

select
    min(company_id) as company_id,
    product_id,
    warehouse_id,
    min(valid_from_date) as valid_from_date,
    max(valid_to_date) as valid_to_date

from numbered
where is_out
group by product_id, warehouse_id, run
