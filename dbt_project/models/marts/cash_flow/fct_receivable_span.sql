-- One row per open receivable item and span of days on which its open amount stood still.

with spans as (

    select * from {{ ref('int_open_item_spans') }}
    where ledger_side = 'receivable'

),

published as (

    select
        item_id,
        company_id,
        move_id,
        document_name,
        document_type,
        partner_id,
        account_code,
        opened_date,
        due_date,
        valid_from_date,
        valid_to_date,
        currency_code,
        original_amount,
        open_amount,
        company_currency_code,
        original_amount_company,
        open_amount_company

    from spans

)

select * from published
