-- One row per origin and ledger item open at its end: what is to be paid, and when it is due.

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

spans as (

    select * from {{ ref('int_open_item_spans') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

)

select
    origins.forecast_date,
    'due_items' as tier,
    spans.ledger_side,
    spans.partner_id,
    spans.document_type,
    spans.item_id as document_id,
    spans.document_name,
    spans.opened_date as invoiced_date,
    spans.due_date,
    cast(1 as decimal(9, 6)) as weight,
    {{ divide_money(
        "case when spans.ledger_side = 'receivable' then spans.open_amount_company else -spans.open_amount_company end",
        'rates.units_per_reporting'
    ) }} as amount_reporting

from origins
inner join spans
    on
        origins.forecast_date >= spans.valid_from_date
        and origins.forecast_date < spans.valid_to_date
inner join rates
    on
        spans.company_currency_code = rates.currency_code
        and origins.forecast_date >= rates.valid_from_date
        and origins.forecast_date < rates.valid_to_date
where spans.open_amount_company <> 0
