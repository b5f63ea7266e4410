-- Which suppliers were late in the last half year, and how much do we buy of them?
with today as (

    select max(as_of_date) as day from trust.build

)

select
    suppliers.supplier_name,
    sum(scores.lines_due) as lines_due,
    sum(scores.lines_otif) as lines_otif,
    round(sum(scores.lines_otif) / nullif(sum(scores.lines_due), 0), 4) as otif_ratio,
    max(scores.delay_p90_days) as worst_month_delay_p90_days,
    sum(scores.spend_reporting) as spend_reporting
from inventory.agg_supplier_scorecard as scores
left join core.dim_supplier as suppliers on scores.supplier_id = suppliers.supplier_id
cross join today
where scores.month_start_date >= today.day - interval 182 days
group by suppliers.supplier_id, suppliers.supplier_name
having sum(scores.lines_due) > 0
order by otif_ratio asc, spend_reporting desc, suppliers.supplier_name asc
