-- One row per day, owner, segment, expected close month and movement: what changed the open pipeline.

select
    day,
    owner_id,
    segment,
    close_month,
    movement,
    cast(count(*) as bigint) as deals,
    cast(sum(amount) as decimal(18, 2)) as amount_reporting

from {{ ref('int_pipeline_moves') }}
group by day, owner_id, segment, close_month, movement
