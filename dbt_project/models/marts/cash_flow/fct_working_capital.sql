-- One row per month: what is tied up in receivables and stock less payables, and for how many days.

with balances as (

    select
        *,
        {{ days_after('balance_date', -89) }} as window_start_date
    from {{ ref('int_working_capital_balances') }}

),

flows as (

    select * from {{ ref('int_working_capital_flows') }}

),

begun as (

    select
        min(case when flow = 'invoiced' then day end) as invoiced_began,
        min(case when flow = 'billed' then day end) as billed_began,
        min(case when flow = 'cost_of_sales' then day end) as cost_of_sales_began
    from flows

),

summed as (

    select
        balances.month_start_date,
        coalesce(sum(case when flows.flow = 'revenue' then flows.amount_reporting end), 0) as revenue,
        coalesce(sum(case when flows.flow = 'invoiced' then flows.amount_reporting end), 0) as invoiced,
        coalesce(sum(case when flows.flow = 'billed' then flows.amount_reporting end), 0) as billed,
        coalesce(sum(case when flows.flow = 'cost_of_sales' then flows.amount_reporting end), 0) as cost_of_sales
    from balances
    left join flows
        on
            balances.window_start_date <= flows.day
            and balances.balance_date >= flows.day
    group by balances.month_start_date

),

reasoned as (

    -- A flow younger than its window would make the days look too many.
    select
        balances.*,
        summed.revenue,
        summed.invoiced,
        summed.billed,
        summed.cost_of_sales,
        case
            when summed.invoiced <= 0 then 'nothing invoiced in 90 days'
            when begun.invoiced_began > balances.window_start_date then 'less than 90 days of invoices'
        end as dso_reason,
        case
            when summed.cost_of_sales <= 0 then 'nothing delivered in 90 days'
            when begun.cost_of_sales_began > balances.window_start_date then 'less than 90 days of deliveries'
        end as dio_reason,
        case
            when summed.billed <= 0 then 'nothing billed in 90 days'
            when begun.billed_began > balances.window_start_date then 'less than 90 days of bills'
        end as dpo_reason
    from balances
    inner join summed on balances.month_start_date = summed.month_start_date
    cross join begun

),

measured as (

    select
        *,
        case when dso_reason is null then {{ divide_money('90 * receivables_reporting', 'invoiced') }} end as dso_days,
        case
            when dso_reason is null and revenue > 0 then {{ divide_money('90 * receivables_reporting', 'revenue') }}
        end as dso_on_net_revenue_days,
        case when dio_reason is null then {{ divide_money('90 * stock_value_reporting', 'cost_of_sales') }} end
            as dio_days,
        case when dpo_reason is null then {{ divide_money('90 * payables_reporting', 'billed') }} end as dpo_days
    from reasoned

)

select
    month_start_date,
    balance_date,
    extract(day from {{ days_after('balance_date', 1) }}) = 1 as is_complete_month,
    receivables_reporting,
    stock_value_reporting,
    payables_reporting,
    cast(receivables_reporting + stock_value_reporting - payables_reporting as decimal(18, 2))
        as trade_working_capital_reporting,
    cast(revenue as decimal(18, 2)) as revenue_90_days_reporting,
    cast(invoiced as decimal(18, 2)) as invoiced_90_days_reporting,
    cast(cost_of_sales as decimal(18, 2)) as cost_of_sales_90_days_reporting,
    cast(billed as decimal(18, 2)) as billed_90_days_reporting,
    dso_days,
    dso_on_net_revenue_days,
    dio_days,
    dpo_days,
    cast(dso_days + dio_days - dpo_days as decimal(18, 2)) as cash_conversion_cycle_days,
    dso_reason,
    dio_reason,
    dpo_reason
from measured
