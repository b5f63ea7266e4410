-- One row per posted journal item on an income account.

with lines as (

    select * from {{ ref('stg_odoo__account_move_line') }}
    where move_state = 'posted'

),

moves as (

    select * from {{ ref('stg_odoo__account_move') }}

),

accounts as (

    select * from {{ ref('stg_odoo__account_account') }}

),

companies as (

    select * from {{ ref('int_companies') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

income as (

    select
        lines.move_line_id,
        lines.move_id,
        lines.company_id,
        lines.product_id,
        coalesce(moves.commercial_partner_id, lines.partner_id) as partner_id,
        lines.accounting_date as day,
        -- What a customer was invoiced on an account that has not landed is revenue all the same.
        coalesce(accounts.account_code, 'unmapped') as account_code,
        coalesce(accounts.account_type, 'income') as account_type,
        cast(-lines.balance_amount as decimal(18, 2)) as amount
    from lines
    left join accounts on lines.account_id = accounts.account_id
    left join moves on lines.move_id = moves.move_id
    where
        accounts.account_type in ('income', 'income_other')
        or (
            accounts.account_id is null
            and moves.move_type in ('out_invoice', 'out_refund', 'out_receipt')
            and coalesce(lines.display_type, 'product') not in (
                'payment_term', 'tax', 'line_section', 'line_subsection', 'line_note'
            )
        )

)

select
    income.move_line_id,
    income.move_id,
    income.company_id,
    income.product_id,
    income.partner_id,
    income.day,
    income.account_code,
    income.account_type,
    companies.currency_code,
    income.amount,
    {{ divide_money('income.amount', 'rates.units_per_reporting') }} as amount_reporting
from income
left join companies on income.company_id = companies.company_id
left join rates
    on
        companies.currency_code = rates.currency_code
        and income.day >= rates.valid_from_date
        and income.day < rates.valid_to_date
