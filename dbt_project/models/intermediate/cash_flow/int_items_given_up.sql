-- One row per origin and ledger side: how many invoices of a year were open for so long that they count as never paid.

{% set days_back = 365 %}
{#- Who is not heard of after this long is taken to never pay. -#}
{% set given_up_days = 120 %}

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

invoices as (

    select * from {{ ref('int_open_item_spans') }}
    where
        document_type in ('out_invoice', 'in_invoice', 'out_receipt', 'in_receipt')
        and open_amount_company > 0

)

select
    origins.forecast_date,
    invoices.ledger_side,
    cast(count(*) as bigint) as items
from origins
inner join invoices
    on
        origins.forecast_date >= invoices.valid_from_date
        and origins.forecast_date < invoices.valid_to_date
        and {{ days_after('origins.forecast_date', -given_up_days) }} > invoices.due_date
        and {{ days_after('origins.forecast_date', -given_up_days - days_back) }} < invoices.due_date
group by origins.forecast_date, invoices.ledger_side
