-- Per company and income account: what int_revenue adds up to is what was posted there.

with posted as (

    select
        items.company_id,
        chart.account_code,
        sum(-items.balance_amount) as amount
    from {{ ref('stg_odoo__account_move_line') }} as items
    inner join {{ ref('stg_odoo__account_account') }} as chart on items.account_id = chart.account_id
    where
        items.move_state = 'posted'
        and chart.account_type in ('income', 'income_other')
    group by items.company_id, chart.account_code

),

revenue as (

    select
        company_id,
        account_code,
        sum(amount) as amount
    from {{ ref('int_revenue') }}
    where account_code <> 'unmapped'
    group by company_id, account_code

)

select
    coalesce(posted.company_id, revenue.company_id) as company_id,
    coalesce(posted.account_code, revenue.account_code) as account_code,
    posted.amount as posted_amount,
    revenue.amount as revenue_amount
from posted
full outer join revenue
    on
        posted.company_id = revenue.company_id
        and posted.account_code = revenue.account_code
where coalesce(posted.amount, 0) <> coalesce(revenue.amount, 0)
