-- One row per age of what customers owe, not due first.

select
    ageing_bucket as bucket,
    count(*) as items,
    coalesce(sum(open_amount_reporting), 0) as amount
from cash_flow.fct_receivable_daily
where day = $as_of
group by ageing_bucket
order by min(days_overdue)
