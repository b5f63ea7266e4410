-- One row per posted invoice, bill or credit note that is settled with money.

with moves as (

    select * from {{ ref('stg_odoo__account_move') }}
    where
        move_state = 'posted'
        and move_type in ('out_invoice', 'out_refund', 'out_receipt', 'in_invoice', 'in_refund', 'in_receipt')
        and total_amount > 0

),

currencies as (

    select * from {{ ref('stg_odoo__res_currency') }}

),

partners as (

    select
        partner_id,
        {{ name_key('partner_name') }} as name_key
    from {{ ref('stg_odoo__res_partner') }}

),

documents as (

    select
        moves.move_id,
        moves.company_id,
        moves.move_name as document_name,
        moves.move_type as document_type,
        moves.reversed_move_id,
        coalesce(moves.commercial_partner_id, moves.partner_id) as partner_id,
        partners.name_key,
        -- A supplier writes his own number on his bill, and we quote it.
        case when moves.move_type like 'in_%' then coalesce(moves.move_ref, moves.move_name) else moves.move_name end
            as printed_number,
        {{ letters_and_digits('moves.payment_reference') }} as reference_key,
        case when moves.move_type in ('out_invoice', 'out_receipt', 'in_refund') then 1 else -1 end as direction,
        coalesce(moves.invoice_date, moves.accounting_date) as document_date,
        coalesce(moves.due_date, moves.invoice_date, moves.accounting_date) as due_date,
        moves.total_amount,
        coalesce(currencies.currency_code, 'XXX') as currency_code

    from moves
    left join currencies on moves.currency_id = currencies.currency_id
    left join partners on coalesce(moves.commercial_partner_id, moves.partner_id) = partners.partner_id

)

select
    *,
    {{ has_check_digits('reference_key') }} as has_check_digits
from documents
