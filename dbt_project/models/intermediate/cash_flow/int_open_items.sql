-- One row per receivable or payable item of a posted journal entry.
-- Positive is owed to us on the receivable side and owed by us on the payable side.

with lines as (

    select * from {{ ref('stg_odoo__account_move_line') }}
    where move_state = 'posted'

),

moves as (

    select * from {{ ref('stg_odoo__account_move') }}

),

accounts as (

    select * from {{ ref('stg_odoo__account_account') }}
    where account_type in ('asset_receivable', 'liability_payable')

),

currencies as (

    select * from {{ ref('stg_odoo__res_currency') }}

),

items as (

    select
        lines.move_line_id as item_id,
        lines.company_id,
        lines.move_id,
        moves.move_name as document_name,
        moves.move_type as document_type,
        accounts.account_code,
        lines.accounting_date as opened_date,
        -- XXX is ISO 4217's "no currency": such an item stays in the ledger, and has no reporting amount.
        coalesce(document_currencies.currency_code, 'XXX') as currency_code,
        coalesce(company_currencies.currency_code, 'XXX') as company_currency_code,
        lines.currency_amount as debit_less_credit,
        lines.balance_amount as debit_less_credit_company,
        case accounts.account_type when 'asset_receivable' then 'receivable' else 'payable' end
            as ledger_side,
        case accounts.account_type when 'asset_receivable' then 1 else -1 end as ledger_sign,
        -- The company behind a contact person: payment terms and dunning are per company.
        coalesce(moves.commercial_partner_id, lines.partner_id) as partner_id,
        coalesce(lines.due_date, moves.due_date, lines.accounting_date) as due_date

    from lines
    inner join accounts on lines.account_id = accounts.account_id
    inner join moves on lines.move_id = moves.move_id
    left join currencies as document_currencies on lines.currency_id = document_currencies.currency_id
    left join currencies as company_currencies on lines.company_currency_id = company_currencies.currency_id

)

select
    item_id,
    ledger_side,
    ledger_sign,
    company_id,
    move_id,
    document_name,
    document_type,
    partner_id,
    account_code,
    opened_date,
    due_date,
    currency_code,
    company_currency_code,
    cast(ledger_sign * debit_less_credit as decimal(18, 2)) as original_amount,
    cast(ledger_sign * debit_less_credit_company as decimal(18, 2)) as original_amount_company
from items
