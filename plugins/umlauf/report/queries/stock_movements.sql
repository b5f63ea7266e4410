-- One row per kind of stock movement on the business date.

select
    replace(movement, '_', ' ') as movement,
    count(*) as lines,
    sum(moved_units) as units,
    coalesce(sum(value_reporting), 0) as amount
from inventory.fct_stock_move
where move_date = $as_of
group by movement
order by abs(sum(value_reporting)) desc, movement
