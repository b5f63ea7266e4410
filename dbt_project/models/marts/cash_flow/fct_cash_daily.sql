-- One row per bank account, currency and calendar day, from its first statement to the business date.

with statements as (

    select * from {{ ref('int_bank_statements') }}

),

changes as (

    select * from {{ ref('int_cash_changes') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

accounts as (

    select
        account_id,
        currency_code,
        min(covered_from_date) as first_date,
        max(case when statement_position = 1 then opening_balance end) as first_opening
    from statements
    group by account_id, currency_code

),

days as (

    select
        account_id,
        currency_code,
        first_opening,
        {{ date_rows('first_date', as_of_date()) }} as day
    from accounts

),

running as (

    select
        days.account_id,
        days.currency_code,
        days.day,
        changes.bank_closing,
        coalesce(changes.gap_amount, 0) as gap_amount,
        coalesce(changes.inflow, 0) as inflow,
        coalesce(changes.outflow, 0) as outflow,
        cast(days.first_opening + sum(
            coalesce(changes.gap_amount, 0) + coalesce(changes.inflow, 0) - coalesce(changes.outflow, 0)
        ) over (
            partition by days.account_id, days.currency_code order by days.day
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as closing,
        -- Any row in int_cash_changes is a day that a statement covers.
        changes.day is not null as has_statement,
        max(changes.day) over (
            partition by days.account_id, days.currency_code order by days.day
            rows between unbounded preceding and current row
        ) as last_statement_date

    from days
    left join changes
        on
            days.account_id = changes.account_id
            and days.currency_code = changes.currency_code
            and days.day = changes.day

),

published as (

    select
        running.day,
        running.account_id,
        running.currency_code,
        cast(running.closing - running.inflow + running.outflow as decimal(18, 2)) as opening,
        cast(running.inflow as decimal(18, 2)) as inflow,
        cast(running.outflow as decimal(18, 2)) as outflow,
        running.closing,
        running.bank_closing,
        cast(running.gap_amount as decimal(18, 2)) as gap_amount,
        {{ divide_money('running.inflow', 'rates.units_per_reporting') }} as inflow_reporting,
        {{ divide_money('running.outflow', 'rates.units_per_reporting') }} as outflow_reporting,
        {{ divide_money('running.closing', 'rates.units_per_reporting') }} as closing_reporting,
        running.has_statement,
        running.gap_amount <> 0 as has_gap,
        running.last_statement_date

    from running
    left join rates
        on
            running.currency_code = rates.currency_code
            and running.day >= rates.valid_from_date
            and running.day < rates.valid_to_date

)

select * from published
