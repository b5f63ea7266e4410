-- One row per origin and planned receipt that was still to come at the end of that day.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

plans as (

    select * from {{ ref('int_stock_plans') }}
    where plan_kind = 'incoming'

),

moves as (

    select * from {{ ref('stg_odoo__stock_move') }}

),

purchases as (

    select * from {{ ref('int_purchase_lines') }}

),

awaited as (

    select
        origins.forecast_date,
        origins.is_current,
        plans.move_id,
        plans.company_id,
        plans.product_id,
        plans.warehouse_id,
        moves.purchase_line_id,
        purchases.purchase_order_id,
        purchases.supplier_id,
        plans.units,
        -- A move that is done holds the day it was done: only its purchase remembers what was promised.
        case
            when purchases.promised_date is not null then purchases.promised_date
            when moves.move_state <> 'done' then {{ business_date('moves.moved_at') }}
        end as due_date,
        case when moves.move_state = 'done' then plans.to_date end as arrived_date

    from origins
    inner join plans
        on
            origins.forecast_date >= plans.from_date
            and origins.forecast_date < plans.to_date
    inner join moves on plans.move_id = moves.move_id
    left join purchases on moves.purchase_line_id = purchases.purchase_line_id

)

select
    *,
    case
        when due_date is null then 'no day'
        when {{ days_between('forecast_date', 'due_date') }} < -7 then 'over a week late'
        when {{ days_between('forecast_date', 'due_date') }} <= 0 then 'late'
        when {{ days_between('forecast_date', 'due_date') }} <= 2 then 'due in two days'
        when {{ days_between('forecast_date', 'due_date') }} <= 7 then 'due in a week'
        else 'later'
    end as due_class
from awaited
