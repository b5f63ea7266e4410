-- One row per company, income account and day of posted journal items.

with lines as (

    select * from {{ ref('int_revenue_lines') }}

)

select
    company_id,
    day,
    account_code,
    account_type,
    currency_code,
    cast(sum(amount) as decimal(18, 2)) as amount,
    cast(sum(amount_reporting) as decimal(18, 2)) as amount_reporting,
    cast(count(*) as bigint) as line_count
from lines
group by company_id, day, account_code, account_type, currency_code
