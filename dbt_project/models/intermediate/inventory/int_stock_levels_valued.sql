-- One row per product, warehouse and day of change: the warehouse's part of the value of the company's stock.

with levels as (

    select * from {{ ref('int_stock_levels') }}

),

running as (

    select
        *,
        cast(sum(on_hand_units) over (
            partition by company_id, product_id, change_date
            order by warehouse_id
            rows between unbounded preceding and current row
        ) as decimal(18, 4)) as units_to_here,
        lead(warehouse_id) over (
            partition by company_id, product_id, change_date
            order by warehouse_id
        ) is null as is_last_place

    from levels

),

-- The difference of two rounded running shares: the warehouses add up to the company's value to the cent.
valued as (

    select
        *,
        cast(
            case
                -- Nothing left to share by (a cent of rounding may remain): the last place keeps it.
                when company_units = 0 and is_last_place then company_value
                when company_units = 0 then 0
                else
                    {{ divide_money('company_value * units_to_here', 'company_units') }}
                    - {{ divide_money('company_value * (units_to_here - on_hand_units)', 'company_units') }}
            end
            as decimal(18, 2)
        ) as value_amount

    from running

)

select
    company_id,
    product_id,
    warehouse_id,
    change_date,
    on_hand_units,
    incoming_units,
    outgoing_units,
    reserved_units,
    value_amount
from valued
