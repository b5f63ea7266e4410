-- One row per customer with an invoice paid in the 365 days up to the business date: how late it pays.

with payments as (

    select * from {{ ref('int_payment_lateness') }}
    where
        ledger_side = 'receivable'
        and settled_date <= {{ as_of_date() }}
        and settled_date > {{ days_after(as_of_date(), -365) }}

),

customers as (

    select * from {{ ref('int_partner_customers') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

identified as (

    select
        payments.*,
        coalesce(customers.customer_id, 'unallocated') as customer_id,
        {{ divide_money('payments.original_amount_company', 'rates.units_per_reporting') }} as amount_reporting
    from payments
    left join customers on payments.partner_id = customers.partner_id
    left join rates
        on
            payments.company_currency_code = rates.currency_code
            and payments.settled_date >= rates.valid_from_date
            and payments.settled_date < rates.valid_to_date

),

ranked as (

    -- Nearest rank: the p-th percentile is an invoice's own days, the first that p percent do not exceed.
    select
        *,
        count(*) over (partition by customer_id) as invoice_count,
        100 * row_number() over (partition by customer_id order by days_late, item_id) as late_rank,
        100 * row_number() over (partition by customer_id order by days_to_pay, item_id) as pay_rank
    from identified

),

summed as (

    select
        customer_id,
        invoice_count,
        min(case when late_rank >= 50 * invoice_count then days_late end) as days_late_p50,
        min(case when late_rank >= 90 * invoice_count then days_late end) as days_late_p90,
        min(case when pay_rank >= 50 * invoice_count then days_to_pay end) as days_to_pay_p50,
        sum(case when days_late <= 0 then 1 else 0 end) as on_time_count,
        sum(amount_reporting) as amount_reporting,
        max(settled_date) as last_settled_date
    from ranked
    group by customer_id, invoice_count

)

select
    customer_id,
    cast(days_late_p50 as bigint) as days_late_p50,
    cast(days_late_p90 as bigint) as days_late_p90,
    cast(days_to_pay_p50 as bigint) as days_to_pay_p50,
    {{ divide_price('on_time_count', 'invoice_count') }} as on_time_ratio,
    cast(invoice_count as bigint) as invoice_count,
    cast(coalesce(amount_reporting, 0) as decimal(18, 2)) as paid_amount_reporting,
    last_settled_date
from summed
