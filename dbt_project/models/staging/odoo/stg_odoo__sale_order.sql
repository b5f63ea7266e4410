-- One row per Odoo sale order that is not deleted and usable.

{{ config(materialized='view') }}

{% set prefix = var('deal_reference_prefix') %}

with source as (

    select * from {{ ref('base_odoo__sale_order') }}

),

usable as (

    select
        record_key as sale_order_id,
        partner_id,
        currency_id,
        warehouse_id,
        company_id,
        -- The deal that its source document names; whether the CRM has it, the CRM says.
        case
            when left(origin, {{ prefix | length }}) = '{{ prefix }}' then substr(origin, {{ (prefix | length) + 1 }})
        end as deal_id,
        order_name,
        customer_order_ref,
        origin,
        order_state,
        untaxed_amount,
        total_amount,
        ordered_at,
        promised_at,
        fetched_at

    from source
    where not is_deleted and quarantine_reason is null

)

select * from usable
