-- One row per open deal that is stale (docs/decisions/0010) or slipped a month or more, the largest first.

select
    deals.deal_name,
    customers.customer_name,
    owners.owner_name,
    deals.amount_reporting as amount,
    deals.expected_close_date,
    deals.is_stale,
    deals.slipped_days,
    deals.push_count
from pipeline.fct_deal as deals
left join core.dim_customer as customers on deals.customer_id = customers.customer_id
left join core.dim_owner as owners on deals.owner_id = owners.owner_id
where deals.is_open and (deals.is_stale or deals.slipped_days >= 30)
order by deals.amount_reporting desc nulls last, deals.deal_id
