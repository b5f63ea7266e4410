-- One row per month, company and income account: what the ERP's own ledger holds there.

with days as (

    select * from {{ ref('int_revenue_daily') }}

)

select
    {{ month_of('day') }} as month_start_date,
    company_id,
    account_code,
    account_type,
    currency_code,
    cast(sum(amount) as decimal(18, 2)) as amount,
    cast(sum(amount_reporting) as decimal(18, 2)) as amount_reporting,
    cast(sum(line_count) as bigint) as line_count
from days
group by
    {{ month_of('day') }},
    company_id,
    account_code,
    account_type,
    currency_code
