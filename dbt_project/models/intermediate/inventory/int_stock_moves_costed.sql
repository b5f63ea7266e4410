-- One row per done move line, with its share of the value that the ERP put on its move.

with moves as (

    select * from {{ ref('int_stock_moves_placed') }}

),

companies as (

    select * from {{ ref('int_companies') }}

),

running as (

    select
        *,
        sum(moved_units) over (partition by move_id, direction) as direction_units,
        sum(moved_units) over (
            partition by move_id, direction
            order by move_line_id
            rows between unbounded preceding and current row
        ) as units_to_here

    from moves

),

shared as (

    -- The difference of two rounded running shares: lines of a move add up to its value to the cent.
    select
        *,
        case
            when direction = 0 or direction_units = 0 then cast(0 as decimal(18, 2))
            else
                {{ divide_money('move_value * units_to_here', 'direction_units') }}
                - {{ divide_money('move_value * (units_to_here - moved_units)', 'direction_units') }}
        end as line_value

    from running

)

select
    shared.move_line_id,
    shared.move_id,
    shared.company_id,
    shared.product_id,
    shared.is_storable,
    shared.from_warehouse_id,
    shared.to_warehouse_id,
    shared.from_place,
    shared.to_place,
    shared.direction,
    shared.moved_units,
    shared.erp_base_units,
    cast(shared.direction * shared.moved_units as decimal(18, 4)) as units,
    cast(shared.direction * shared.line_value as decimal(18, 2)) as value_amount,
    companies.currency_code,
    case
        when shared.direction <> 0 then {{ divide_price('shared.line_value', 'shared.moved_units') }}
    end as unit_cost,
    shared.purchase_line_id,
    shared.sale_line_id,
    shared.origin,
    shared.reference,
    shared.moved_at,
    shared.move_date,
    {{ business_date('shared.created_at') }} as created_date
from shared
left join companies on shared.company_id = companies.company_id
