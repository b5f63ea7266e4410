-- One row per end-of-day statement, in the order the bank wrote them, with the days it covers.

with statements as (

    select * from {{ ref('stg_bank__statements') }}
    -- Intraday reports (camt.052, MT942) and notifications (camt.054) repeat what the statement says.
    where statement_kind in ('053', '940')

),

first_bookings as (

    select
        statement_key,
        min(booking_date) as first_booking_date
    from {{ ref('stg_bank__entries') }}
    group by statement_key

),

positioned as (

    select
        *,
        row_number() over (
            partition by account_id, currency_code
            order by
                closing_date,
                coalesce(from_date, opening_date),
                sequence_number,
                page_number,
                created_at,
                ordinal,
                statement_key
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
        chained.statement_key as statement_id,
        chained.account_id,
        chained.currency_code,
        chained.statement_number,
        chained.statement_kind,
        chained.file_sha256,
        chained.statement_position,
        chained.opening_balance,
        chained.closing_balance,
        -- What moved between two statements that we never received.
        cast(
            chained.opening_balance - coalesce(chained.previous_closing_balance, chained.opening_balance)
            as decimal(18, 2)
        ) as gap_amount,
        -- MT940 has no period, and opens on the closing date before it: its first booking has to do.
        least(
            chained.closing_date,
            greatest(
                coalesce(
                    case when chained.statement_kind = '053' then chained.from_date end,
                    first_bookings.first_booking_date,
                    chained.closing_date
                ),
                {{ days_after('chained.previous_closing_date', 1) }}
            )
        ) as covered_from_date,
        chained.closing_date,
        chained.created_at

    from chained
    left join first_bookings on chained.statement_key = first_bookings.statement_key

)

select * from covering
