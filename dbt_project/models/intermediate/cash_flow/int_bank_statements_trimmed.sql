-- One row per end-of-day statement, without the last days that a fuller statement tells again.

with stated as (

    select * from {{ ref('stg_bank__statements') }}
    -- Intraday reports (camt.052, MT942) and notifications (camt.054) repeat what the statement says.
    where statement_kind in ('053', '940')

),

booked as (

    select * from {{ ref('stg_bank__entries') }}
    where part_number = 0 and coalesce(entry_status, 'BOOK') = 'BOOK'

),

first_bookings as (
    select
        statement_key,
        min(booking_date) as first_booking_date
    from booked
    group by statement_key
),

statements as (

    select
        stated.*,
        -- MT940 has no period, and opens on the closing date before it: its first booking has to do.
        coalesce(
            case when stated.statement_kind = '053' then stated.from_date end,
            first_bookings.first_booking_date,
            stated.closing_date
        ) as first_date,
        row_number() over (
            partition by stated.account_id, stated.currency_code
            order by stated.closing_date, stated.entry_count, stated.created_at, stated.statement_key
        ) as fullness

    from stated
    left join first_bookings on stated.statement_key = first_bookings.statement_key

),

pairs as (
    select
        one.statement_key,
        fuller.statement_key as fuller_key,
        one.opening_balance - fuller.opening_balance as opening_apart,
        greatest(one.first_date, fuller.first_date) as shared_from_date

    from statements as one
    inner join statements as fuller
        on
            one.account_id = fuller.account_id
            and one.currency_code = fuller.currency_code
            and one.fullness < fuller.fullness
            and one.closing_date >= fuller.first_date
    -- The next number, opening where this one closed, follows it.
    where not coalesce(
        fuller.sequence_number > one.sequence_number and fuller.opening_balance = one.closing_balance, false
    )
),

sides as (
    select
        *,
        1 as is_own,
        statement_key as told_by
    from pairs
    union all
    select
        *,
        0 as is_own,
        fuller_key as told_by
    from pairs
),

contents as (

    -- What each of the two says, twins counted: an entry is known by amount, days and direction.
    select
        sides.statement_key,
        sides.fuller_key,
        sides.shared_from_date,
        sides.opening_apart,
        coalesce(booked.booking_date, booked.value_date, sides.shared_from_date) >= sides.shared_from_date
            as is_shared,
        sum(sides.is_own) as told,
        sum(1 - sides.is_own) as told_again,
        sum(booked.amount * sides.is_own) as moved,
        sum(booked.amount * (1 - sides.is_own)) as moved_again

    from sides
    inner join booked on sides.told_by = booked.statement_key
    group by
        sides.statement_key, sides.fuller_key, sides.shared_from_date, sides.opening_apart, booked.amount,
        booked.booking_date, booked.value_date, booked.is_reversal

),

repeated as (

    -- All it says of the shared days is said again, and both have the same balance where these begin.
    select
        statement_key,
        shared_from_date as repeated_from_date,
        sum(case when is_shared then moved else 0 end) as repeated_amount
    from contents
    group by statement_key, fuller_key, shared_from_date
    having
        sum(case when is_shared then told else 0 end) > 0
        and sum(case when is_shared and told > told_again then 1 else 0 end) = 0
        and min(opening_apart) + sum(case when is_shared then 0 else moved - moved_again end) = 0
    qualify row_number() over (partition by statement_key order by shared_from_date, fuller_key) = 1

),

trimmed as (

    select
        statements.statement_key as statement_id,
        statements.account_id,
        statements.currency_code,
        statements.statement_number,
        statements.statement_kind,
        statements.file_sha256,
        statements.sequence_number,
        statements.page_number,
        statements.ordinal,
        statements.opening_balance,
        cast(statements.closing_balance - coalesce(repeated.repeated_amount, 0) as decimal(18, 2))
            as closing_balance,
        statements.first_date,
        coalesce(statements.from_date, statements.opening_date) as stated_from_date,
        coalesce({{ days_after('repeated.repeated_from_date', -1) }}, statements.closing_date) as closing_date,
        repeated.repeated_from_date,
        statements.created_at

    from statements
    left join repeated on statements.statement_key = repeated.statement_key
    where repeated.repeated_from_date is null or repeated.repeated_from_date > statements.first_date

)

select * from trimmed
