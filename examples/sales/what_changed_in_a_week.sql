-- By what did the open pipeline grow or shrink in the last seven days? The rows add up to the change.
with today as (

    select max(as_of_date) as day from trust.build

)

select
    movements.movement,
    sum(movements.deals) as deals,
    sum(movements.amount_reporting) as amount_reporting
from pipeline.fct_pipeline_movement as movements
cross join today
where movements.day > today.day - interval 7 days and movements.day <= today.day
group by movements.movement
order by amount_reporting desc, movements.movement asc
