-- One row: what is to be paid within a week of the business date, overdue included.

select coalesce(sum(open_amount_reporting), 0) as amount
from cash_flow.fct_payable_daily
where day = $as_of and due_date <= $as_of + 7
