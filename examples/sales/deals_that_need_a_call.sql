-- Which open deals has nobody moved, and how much hangs on them? The largest twenty.
select
    deals.deal_name,
    customers.customer_name,
    owners.owner_name,
    deal_stages.stage_name,
    deals.amount_reporting,
    deals.expected_close_date,
    deals.last_changed_date,
    deals.days_in_stage,
    deals.push_count
from pipeline.fct_deal as deals
left join core.dim_customer as customers on deals.customer_id = customers.customer_id
left join core.dim_owner as owners on deals.owner_id = owners.owner_id
left join core.dim_deal_stage as deal_stages on deals.stage_id = deal_stages.stage_id
where deals.is_open and deals.is_stale
order by deals.amount_reporting desc nulls last, deals.deal_id asc
limit 20
