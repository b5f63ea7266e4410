-- Who owes us money that is overdue today, how late are they, and how late do they usually pay?
with today as (

    select max(as_of_date) as day from trust.build

)

select
    customers.customer_name,
    count(*) as open_items,
    sum(items.open_amount_reporting) as overdue_reporting,
    max(items.days_overdue) as oldest_days_overdue,
    max(habits.days_late_p50) as usual_days_late
from cash_flow.fct_receivable_daily as items
inner join today on items.day = today.day
left join core.dim_customer as customers on items.partner_id = customers.erp_partner_id
left join cash_flow.agg_payment_behaviour as habits on customers.customer_id = habits.customer_id
where items.days_overdue > 0
group by customers.customer_id, customers.customer_name
order by overdue_reporting desc, customers.customer_name asc
limit 20
