-- One row per origin, order not wholly invoiced at its end and fifth of its chances: what will be due, and when.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

spans as (

    select * from {{ ref('int_uninvoiced_spans') }}

),

lags as (

    select * from {{ ref('int_document_lags') }}

),

habits as (

    select * from {{ ref('int_payment_habits') }}
    where late_from_days = {{ late_classes()[-1] }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

open_orders as (

    select
        origins.forecast_date,
        spans.ledger_side,
        spans.document_id,
        spans.document_name,
        spans.partner_id,
        spans.awaited_from_date,
        {{ divide_money('spans.open_amount', 'rates.units_per_reporting') }} as amount_reporting
    from origins
    inner join spans
        on
            origins.forecast_date >= spans.valid_from_date
            and origins.forecast_date < spans.valid_to_date
    inner join rates
        on
            spans.currency_code = rates.currency_code
            and origins.forecast_date >= rates.valid_from_date
            and origins.forecast_date < rates.valid_to_date

),

numbers as (

    select {{ number_rows(1, 5) }} as fifth

),

invoiced as (

    select
        open_orders.*,
        numbers.fifth,
        {{ days_later('open_orders.awaited_from_date', 'case numbers.fifth
            when 1 then coalesce(lags.days_1, 0)
            when 2 then coalesce(lags.days_2, 0)
            when 3 then coalesce(lags.days_3, 0)
            when 4 then coalesce(lags.days_4, 0)
            else coalesce(lags.days_5, 0)
        end') }} as invoiced_date
    from open_orders
    cross join numbers
    left join lags
        on
            open_orders.forecast_date = lags.forecast_date
            and lags.step = case open_orders.ledger_side
                when 'receivable' then 'order to invoice' else 'promise to bill'
            end

),

still_possible as (

    -- What has not been invoiced by now is invoiced later than others were: never, if it is overdue by more.
    select
        *,
        count(*) over (partition by forecast_date, ledger_side, document_id) as chances
    from invoiced
    where invoiced_date > forecast_date

)

select
    chances.forecast_date,
    'orders' as tier,
    chances.ledger_side,
    chances.partner_id,
    case chances.ledger_side when 'receivable' then 'sale_order' else 'purchase_line' end as document_type,
    chances.document_id,
    chances.document_name,
    chances.invoiced_date,
    {{ days_later('chances.invoiced_date', 'coalesce(own.terms_days, everyone.terms_days, 0)') }} as due_date,
    cast({{ rounded_quotient('1', 'chances.chances', 6) }} as decimal(9, 6)) as weight,
    case chances.ledger_side
        when 'receivable' then chances.amount_reporting
        -- A purchase line is net of tax, its bill is not.
        else -{{ multiply_money('chances.amount_reporting', 'coalesce(own.gross_ratio, everyone.gross_ratio, 1)') }}
    end as amount_reporting

from still_possible as chances
left join habits as own
    on
        chances.forecast_date = own.forecast_date
        and chances.ledger_side = own.ledger_side
        and chances.partner_id = own.payer
left join habits as everyone
    on
        chances.forecast_date = everyone.forecast_date
        and chances.ledger_side = everyone.ledger_side
        and everyone.payer = 'all'
