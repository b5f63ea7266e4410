-- One row per Odoo journal entry (invoice, bill, credit note, payment) that is not deleted and usable.

{{ config(materialized='view') }}

with source as (

    select * from {{ ref('base_odoo__account_move') }}

),

usable as (

    select
        record_key as move_id,
        partner_id,
        commercial_partner_id,
        currency_id,
        company_currency_id,
        reversed_move_id,
        journal_id,
        company_id,
        move_name,
        move_type,
        move_state,
        payment_state,
        payment_reference,
        move_ref,
        invoice_origin,
        untaxed_amount,
        tax_amount,
        total_amount,
        residual_amount,
        total_signed_amount,
        residual_signed_amount,
        accounting_date,
        invoice_date,
        due_date,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
