-- One row per end-of-day statement, in the order the bank wrote them, with the days it covers.

with statements as (

    select * from {{ ref('int_bank_statements_trimmed') }}

),

positioned as (

    select
        *,
        row_number() over (
            partition by account_id, currency_code
            order by
                closing_date,
                stated_from_date,
                sequence_number,
                page_number,
                created_at,
                ordinal,
                statement_id
        ) as statement_position

    from statements

),

chained as (

    select
        *,
        lag(closing_date) over (
            partition by account_id, currency_code order by statement_position
        ) as previous_closing_date,
        lag(closing_balance) over (
            partition by account_id, currency_code order by statement_position
        ) as previous_closing_balance

    from positioned

),

covering as (

    select
        statement_id,
        account_id,
        currency_code,
        statement_number,
        statement_kind,
        file_sha256,
        statement_position,
        opening_balance,
        closing_balance,
        -- What moved between two statements that we never received.
        cast(
            opening_balance - coalesce(previous_closing_balance, opening_balance) as decimal(18, 2)
        ) as gap_amount,
        least(closing_date, greatest(first_date, {{ days_after('previous_closing_date', 1) }}))
            as covered_from_date,
        closing_date,
        repeated_from_date,
        created_at

    from chained

)

select * from covering
