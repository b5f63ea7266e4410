-- One row per origin and order that is planned: what will be due for it, and when.

with planned as (

    select * from {{ ref('int_planned_orders') }}

),

lags as (

    select * from {{ ref('int_document_lags') }}
    where step = 'receipt to bill'

),

habits as (

    select * from {{ ref('int_payment_habits') }}
    where
        late_from_days = {{ late_classes()[-1] }}
        and ledger_side = 'payable'

),

billed as (

    select
        planned.forecast_date,
        planned.product_id,
        planned.warehouse_id,
        planned.order_number,
        planned.supplier_id,
        planned.amount_reporting,
        {{ days_later(
            'greatest(planned.receipt_date, ' ~ days_after('planned.forecast_date', 1) ~ ')', 'coalesce(lags.days_3, 0)'
        ) }} as invoiced_date
    from planned
    left join lags on planned.forecast_date = lags.forecast_date

)

select
    billed.forecast_date,
    'planned_replenishment' as tier,
    'payable' as ledger_side,
    billed.supplier_id as partner_id,
    'planned_order' as document_type,
    billed.product_id || '/' || billed.warehouse_id || '/' || billed.order_number as document_id,
    billed.product_id || '/' || billed.warehouse_id || '/' || billed.order_number as document_name,
    billed.invoiced_date,
    {{ days_later('billed.invoiced_date', 'coalesce(own.terms_days, everyone.terms_days, 0)') }} as due_date,
    cast(1 as decimal(9, 6)) as weight,
    -{{ multiply_money('billed.amount_reporting', 'coalesce(own.gross_ratio, everyone.gross_ratio, 1)') }}
        as amount_reporting

from billed
left join habits as own
    on
        billed.forecast_date = own.forecast_date
        and billed.supplier_id = own.payer
left join habits as everyone
    on
        billed.forecast_date = everyone.forecast_date
        and everyone.payer = 'all'
where billed.amount_reporting <> 0
