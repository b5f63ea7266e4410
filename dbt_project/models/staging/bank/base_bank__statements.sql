-- One row per bank statement: newest version known, usable or not.

with newest as (

    {{ newest_versions('bank', 'statements') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ json_text('payload', 'account') }} as account_id,
        {{ json_text('payload', 'file_sha256') }} as file_sha256,

        -- text
        {{ json_text('payload', 'statement_id') }} as statement_number,
        {{ json_text('payload', 'kind') }} as statement_kind,
        {{ json_text('payload', 'quarantine_reason') }} as parser_reason,
        upper({{ json_text('payload', 'account_currency') }}) as currency_code,

        -- order
        try_cast({{ json_text('payload', 'sequence') }} as bigint) as sequence_number,
        try_cast({{ json_text('payload', 'page') }} as bigint) as page_number,
        try_cast({{ json_text('payload', 'ordinal') }} as bigint) as ordinal,

        -- money, in the account's currency, positive is the company's
        try_cast({{ json_text('payload', 'opening_balance') }} as decimal(18, 2)) as opening_balance,
        try_cast({{ json_text('payload', 'closing_balance') }} as decimal(18, 2)) as closing_balance,
        try_cast({{ json_text('payload', 'entry_sum') }} as decimal(18, 2)) as entry_sum,
        {{ has_fraction_of_cent('payload', ['opening_balance', 'closing_balance', 'entry_sum']) }}
            as has_fraction_of_cent,

        -- counts
        try_cast({{ json_text('payload', 'entry_count') }} as bigint) as entry_count,

        -- dates
        try_cast({{ json_text('payload', 'from_date') }} as date) as from_date,
        try_cast({{ json_text('payload', 'to_date') }} as date) as to_date,
        try_cast({{ json_text('payload', 'opening_date') }} as date) as opening_date,
        try_cast({{ json_text('payload', 'closing_date') }} as date) as closing_date,
        {{ utc_stamp(json_text('payload', 'created_at')) }} as created_at,

        -- flags
        coalesce({{ json_text('payload', 'is_opening_intermediate') }} = 'true', false)
            as is_opening_intermediate,
        coalesce({{ json_text('payload', 'is_closing_intermediate') }} = 'true', false)
            as is_closing_intermediate,

        -- lineage
        record_version,
        is_deleted,
        fetched_at

    from newest

),

judged as (

    -- Only end-of-day statements (camt.053, MT940) carry the balances that cash is built on. A statement
    -- sent in pages may have its opening on the first and its closing on the last.
    select
        *,
        case
            when is_deleted then null
            when parser_reason is not null then parser_reason
            when account_id is null then 'statement names no account'
            when not {{ is_currency_code('currency_code') }} then 'account currency missing or unknown'
            when has_fraction_of_cent then 'amount finer than a cent'
            when statement_kind not in ('053', '940') then null
            when coalesce(opening_balance, closing_balance) is null then 'statement without a balance'
            when coalesce(closing_date, to_date, opening_date) is null then 'statement without a date'
            when opening_balance + coalesce(entry_sum, 0) <> closing_balance
                then 'opening balance plus entries is not the closing balance'
        end as quarantine_reason

    from typed

)

select * from judged
