-- One row per origin, open or just won deal without an order yet, and fifth of its chances: what may be due, and when.

with outlook as (

    select * from {{ ref('int_deal_outlook') }}

),

endings as (

    select * from {{ ref('int_deal_endings') }}
    where
        is_won
        -- What was won longer ago and has no order is not in the ERP at all.
        and closed_date > {{ days_after('forecast_date', -30) }}

),

deals as (

    select * from {{ ref('fct_deal') }}

),

ordered as (

    select
        deal_id,
        min(ordered_date) as ordered_date
    from {{ ref('int_sale_orders') }}
    where deal_id is not null
    group by deal_id

),

lags as (

    select * from {{ ref('int_document_lags') }}

),

habits as (

    select * from {{ ref('int_payment_habits') }}
    where
        late_from_days = {{ late_classes()[-1] }}
        and ledger_side = 'receivable'
        and payer = 'all'

),

chances as (

    select
        forecast_date,
        deal_id,
        close_date,
        cast(win_ratio / 5 as decimal(9, 6)) as weight,
        amount_reporting
    from outlook
    union all
    select
        endings.forecast_date,
        endings.deal_id,
        endings.closed_date as close_date,
        cast(1 as decimal(9, 6)) as weight,
        deals.amount_reporting
    from endings
    inner join deals on endings.deal_id = deals.deal_id

),

invoiced as (

    select
        chances.*,
        deals.deal_name,
        {{ days_later('chances.close_date', 'coalesce(to_order.days_3, 0) + coalesce(to_invoice.days_3, 0)') }}
            as invoiced_date
    from chances
    inner join deals on chances.deal_id = deals.deal_id
    left join ordered on chances.deal_id = ordered.deal_id
    left join lags as to_order
        on
            chances.forecast_date = to_order.forecast_date
            and to_order.step = 'deal to order'
    left join lags as to_invoice
        on
            chances.forecast_date = to_invoice.forecast_date
            and to_invoice.step = 'order to invoice'
    -- A deal that nobody closed, too: its order stands in the orders' tier.
    where coalesce(ordered.ordered_date, {{ open_end() }}) > chances.forecast_date

)

select
    invoiced.forecast_date,
    'weighted_deals' as tier,
    'receivable' as ledger_side,
    cast(null as string) as partner_id,
    'deal' as document_type,
    invoiced.deal_id as document_id,
    invoiced.deal_name as document_name,
    invoiced.invoiced_date,
    {{ days_later('invoiced.invoiced_date', 'coalesce(habits.terms_days, 0)') }} as due_date,
    invoiced.weight,
    -- A deal is net of tax, its invoice is not.
    {{ multiply_money('invoiced.amount_reporting', 'coalesce(habits.gross_ratio, 1)') }} as amount_reporting

from invoiced
left join habits on invoiced.forecast_date = habits.forecast_date
where invoiced.amount_reporting <> 0
