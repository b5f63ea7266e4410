-- One row per origin and partner that pays once a month, always on the same day or the bank day after it.

{% set days_back = 365 %}
{#- Paid less often than this tells nothing. A weekend and a holiday move a pay day by no more than these days. -#}
{% set fewest_paydays = 3 %}
{% set most_days_moved = 4 %}

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

paydays as (

    select distinct
        ledger_side,
        partner_id,
        settled_date
    from {{ ref('int_payment_lateness') }}
    where partner_id is not null

)

select
    origins.forecast_date,
    paydays.ledger_side,
    paydays.partner_id as payer,
    cast(min(extract(day from paydays.settled_date)) as bigint) as pays_on_day
from origins
inner join paydays
    on
        origins.forecast_date >= paydays.settled_date
        and {{ days_after('origins.forecast_date', -days_back) }} < paydays.settled_date
group by origins.forecast_date, paydays.ledger_side, paydays.partner_id
having
    count(*) >= {{ fewest_paydays }}
    and count(*) = count(distinct {{ month_of('paydays.settled_date') }})
    and max(extract(day from paydays.settled_date)) - min(extract(day from paydays.settled_date))
    <= {{ most_days_moved }}
