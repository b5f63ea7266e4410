-- One row per category of bank entries booked on the business date.

select
    category,
    count(*) as entries,
    coalesce(sum(amount_reporting), 0) as amount
from cash_flow.fct_bank_entry
where balance_date = $as_of and is_leaf
group by category
order by abs(sum(amount_reporting)) desc, category
