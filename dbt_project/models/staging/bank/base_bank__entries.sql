-- One row per bank entry or part of a batch booking: newest version known, usable or not.

{{ config(materialized='table') }}

with typed as (

    select * from {{ ref('typed_bank__entries') }}

),

statements as (

    -- A statement that cannot be trusted takes its entries with it, so that no half day is booked.
    select
        record_key,
        is_deleted,
        quarantine_reason
    from {{ ref('base_bank__statements') }}

),

judged as (

    select
        typed.*,
        case
            when typed.is_deleted then null
            when typed.own_reason is not null then typed.own_reason
            when statements.record_key is null or statements.is_deleted
                then 'statement of this entry is not landed'
            when statements.quarantine_reason is not null then 'statement: ' || statements.quarantine_reason
        end as quarantine_reason

    from typed
    left join statements on typed.statement_key = statements.record_key

)

select * from judged
