-- One row per bank entry or part of a batch booking: newest version known, judged on its own.

with newest as (

    {{ newest_versions('bank', 'entries') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ json_text('payload', 'parent_key') }} as parent_key,
        {{ json_text('payload', 'statement_key') }} as statement_key,
        {{ json_text('payload', 'account') }} as account_id,
        {{ json_text('payload', 'file_sha256') }} as file_sha256,

        -- text
        {{ json_text('payload', 'status') }} as entry_status,
        {{ json_text('payload', 'bank_code') }} as bank_code,
        {{ json_text('payload', 'counterparty_name') }} as counterparty_name,
        {{ json_text('payload', 'counterparty_account') }} as counterparty_account,
        {{ json_text('payload', 'remittance') }} as remittance_text,
        {{ json_text('payload', 'quarantine_reason') }} as parser_reason,

        -- references; NOTPROVIDED is SEPA's word for none
        nullif({{ json_text('payload', 'end_to_end_id') }}, 'NOTPROVIDED') as end_to_end_id,
        {{ json_text('payload', 'mandate_id') }} as mandate_id,
        {{ json_text('payload', 'structured_reference') }} as structured_reference,
        {{ json_text('payload', 'bank_reference') }} as bank_reference,

        -- order
        try_cast({{ json_text('payload', 'ordinal') }} as bigint) as ordinal,
        coalesce(try_cast({{ json_text('payload', 'part') }} as bigint), 0) as part_number,

        -- money, positive is cash in
        try_cast({{ json_text('payload', 'amount') }} as decimal(18, 2)) as amount,
        upper({{ json_text('payload', 'currency') }}) as currency_code,
        upper({{ json_text('payload', 'account_currency') }}) as account_currency_code,
        try_cast({{ json_text('payload', 'original_amount') }} as decimal(18, 2)) as original_amount,
        upper({{ json_text('payload', 'original_currency') }}) as original_currency_code,
        try_cast({{ json_text('payload', 'charges') }} as decimal(18, 2)) as charges_amount,
        {{ has_fraction_of_cent('payload', ['amount']) }} as has_fraction_of_cent,

        -- dates
        try_cast({{ json_text('payload', 'booking_date') }} as date) as booking_date,
        try_cast({{ json_text('payload', 'value_date') }} as date) as value_date,

        -- flags
        coalesce({{ json_text('payload', 'is_reversal') }} = 'true', false) as is_reversal,

        -- lineage
        record_version,
        is_deleted,
        fetched_at

    from newest

),

judged as (

    select
        *,
        case
            when is_deleted then null
            when parser_reason is not null then parser_reason
            when amount is null then 'amount missing or not a number'
            when has_fraction_of_cent then 'amount finer than a cent'
            when not {{ is_currency_code('currency_code') }} then 'currency missing or unknown'
        end as own_reason

    from typed

)

select * from judged
