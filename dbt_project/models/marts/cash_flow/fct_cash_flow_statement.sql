-- One row per month and line of the cash flow statement, direct method, all bank accounts in the reporting currency.

with lines as (

    select * from {{ ref('int_cash_flow_lines') }}

),

categories as (

    select * from {{ ref('bank_categories') }}

),

summed as (

    select
        month_start_date,
        category,
        cast(coalesce(sum(amount_reporting), 0) as decimal(18, 2)) as amount_reporting,
        cast(sum(entry_count) as bigint) as entry_count,
        -- A currency without any rate: its money is in fct_cash_daily, and cannot be in a sum of euros.
        cast(count(distinct case when amount_reporting is null then account_id end) as bigint) as accounts_without_rate
    from lines
    group by month_start_date, category

)

select
    summed.month_start_date,
    summed.category,
    case
        when summed.category in ('opening_balance', 'closing_balance') then 'balance'
        when summed.category in ('first_balance', 'missing_statement', 'exchange_effect') then 'other'
        else coalesce(categories.activity, 'unmapped')
    end as activity,
    case summed.category
        when 'opening_balance' then 0
        when 'first_balance' then 101
        when 'missing_statement' then 102
        when 'exchange_effect' then 103
        when 'closing_balance' then 199
        else coalesce(categories.category_order, 100)
    end as line_order,
    summed.amount_reporting,
    summed.entry_count,
    summed.accounts_without_rate

from summed
left join categories on summed.category = categories.category
where
    summed.amount_reporting <> 0
    or summed.entry_count > 0
    or summed.accounts_without_rate > 0
    or summed.category in ('opening_balance', 'closing_balance')
