-- Per company and income account: what int_revenue adds up to is what was posted there.

with posted as (

    select
        lines.company_id,
        accounts.account_code,
        sum(-lines.balance_amount) as amount
    from {{ ref('stg_odoo__account_move_line') }} as lines
    inner join {{ ref('stg_odoo__account_account') }} as accounts on lines.account_id = accounts.account_id
    where
        lines.move_state = 'posted'
        and accounts.account_type in ('income', 'income_other')
    group by lines.company_id, accounts.account_code

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
    company_id,
    account_code,
    posted.amount as posted_amount,
    revenue.amount as revenue_amount
from posted
full outer join revenue using (company_id, account_code)
where coalesce(posted.amount, 0) <> coalesce(revenue.amount, 0)
