-- One row per kind of stock movement on the business date, with the document that moved most.

select
    replace(movement, '_', ' ') as movement,
    count(*) as lines,
    sum(moved_units) as units,
    coalesce(sum(value_reporting), 0) as amount,
    max_by(coalesce(origin, reference), abs(value_reporting)) as biggest
from inventory.fct_stock_move
where move_date = $as_of
group by movement
order by abs(sum(value_reporting)) desc, movement
