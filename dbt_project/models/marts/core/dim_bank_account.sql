-- One row per bank account and currency with at least one end-of-day statement.

with statements as (

    select * from {{ ref('int_bank_statements') }}

),

published as (

    select
        account_id,
        currency_code,
        -- Only an IBAN begins with its country: two letters, two check digits.
        case
            when
                try_cast(substr(account_id, 1, 1) as integer) is null
                and try_cast(substr(account_id, 2, 1) as integer) is null
                and try_cast(substr(account_id, 3, 2) as integer) is not null
                and length(account_id) >= 15
                then upper(substr(account_id, 1, 2))
        end as country_code,
        max_by(statement_kind, statement_position) as statement_kind,
        min(covered_from_date) as first_covered_date,
        max(closing_date) as last_closing_date,
        cast(count(*) as bigint) as statement_count,
        cast(count(case when gap_amount <> 0 then 1 end) as bigint) as gap_count

    from statements
    group by account_id, currency_code

)

select * from published
