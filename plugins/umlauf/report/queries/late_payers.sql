-- One row per customer with overdue items, the largest sum first, beside how late it usually pays.

select
    coalesce(any_value(customers.customer_name), items.partner_id) as customer,
    count(*) as items,
    sum(items.open_amount_reporting) as amount,
    max(items.days_overdue) as days_overdue,
    max_by(items.document_name, items.days_overdue) as oldest,
    any_value(habits.days_late_p50) as usual_days_late
from cash_flow.fct_receivable_daily as items
left join core.dim_customer as customers on items.partner_id = customers.erp_partner_id
left join cash_flow.agg_payment_behaviour as habits on customers.customer_id = habits.customer_id
where items.day = $as_of and items.days_overdue > 0
group by items.partner_id
having sum(items.open_amount_reporting) > 0
order by amount desc, customer
