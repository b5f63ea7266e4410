-- One row per bank account, currency and day on which something changed or a statement covers the day.

with statements as (

    select * from {{ ref('int_bank_statements') }}

),

entries as (

    select * from {{ ref('int_bank_entries') }}
    where is_leaf

),

covered_days as (

    select
        account_id,
        currency_code,
        {{ date_rows('covered_from_date', 'closing_date') }} as day,
        cast(0 as decimal(18, 2)) as gap_amount,
        cast(0 as decimal(18, 2)) as inflow,
        cast(0 as decimal(18, 2)) as outflow,
        cast(null as decimal(18, 2)) as bank_closing
    from statements

),

gaps as (

    -- The first statement's opening balance is where the account begins for us: not a gap.
    select
        account_id,
        currency_code,
        covered_from_date as day,
        gap_amount,
        cast(0 as decimal(18, 2)) as inflow,
        cast(0 as decimal(18, 2)) as outflow,
        cast(null as decimal(18, 2)) as bank_closing
    from statements

),

flows as (

    select
        account_id,
        currency_code,
        balance_date as day,
        cast(0 as decimal(18, 2)) as gap_amount,
        case when amount > 0 then amount else 0 end as inflow,
        case when amount < 0 then -amount else 0 end as outflow,
        cast(null as decimal(18, 2)) as bank_closing
    from entries

),

closings as (

    -- A bank may close a day several times; the last statement counts.
    select
        account_id,
        currency_code,
        closing_date as day,
        cast(0 as decimal(18, 2)) as gap_amount,
        cast(0 as decimal(18, 2)) as inflow,
        cast(0 as decimal(18, 2)) as outflow,
        closing_balance as bank_closing
    from statements
    qualify row_number() over (
        partition by account_id, currency_code, closing_date order by statement_position desc
    ) = 1

),

united as (

    select * from covered_days
    union all
    select * from gaps
    union all
    select * from flows
    union all
    select * from closings

),

summed as (

    select
        account_id,
        currency_code,
        day,
        cast(sum(gap_amount) as decimal(18, 2)) as gap_amount,
        cast(sum(inflow) as decimal(18, 2)) as inflow,
        cast(sum(outflow) as decimal(18, 2)) as outflow,
        cast(max(bank_closing) as decimal(18, 2)) as bank_closing

    from united
    group by account_id, currency_code, day

)

select * from summed
