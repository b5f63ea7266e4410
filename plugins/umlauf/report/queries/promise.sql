-- One row: for how many products and warehouses all that next month needs is there, or can be bought within two
-- days (docs/decisions/0028).

select
    count(*) as promises,
    count(*) filter (where is_promised) as kept,
    coalesce(sum(order_amount_reporting) filter (where not is_promised), 0) as amount
from inventory.fct_two_day_promise
