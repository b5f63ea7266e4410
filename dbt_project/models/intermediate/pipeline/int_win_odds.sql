-- One row per origin, stage and time in stage: the share of such deals that were won.

{#- Snapshots younger than this are left out: their deals have not had the time to end. -#}
{% set ripe_days = 90 %}
{% set learnt_days = 455 %}
{#- A cell leans on its stage like so many deals of it, a stage on all stages. -#}
{% set weight = 30 %}

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

snapshots as (

    select * from {{ ref('int_deal_snapshots') }}

),

endings as (

    select * from {{ ref('int_deal_endings') }}
    where is_won

),

counted as (

    select
        origins.forecast_date,
        snapshots.stage_id,
        snapshots.stage_age,
        count(*) as seen,
        count(endings.deal_id) as won
    from origins
    inner join snapshots
        on
            snapshots.snapshot_date <= {{ days_after('origins.forecast_date', -ripe_days) }}
            and snapshots.snapshot_date > {{ days_after('origins.forecast_date', -learnt_days) }}
    left join endings
        on
            origins.forecast_date = endings.forecast_date
            and snapshots.deal_id = endings.deal_id
            and snapshots.snapshot_date < endings.closed_date
    group by origins.forecast_date, snapshots.stage_id, snapshots.stage_age

),

summed as (

    select
        *,
        sum(seen) over (partition by forecast_date, stage_id) as stage_seen,
        sum(won) over (partition by forecast_date, stage_id) as stage_won,
        sum(seen) over (partition by forecast_date) as all_seen,
        sum(won) over (partition by forecast_date) as all_won
    from counted

),

leaning as (

    select
        *,
        (stage_won + {{ weight }} * cast(all_won as double) / all_seen) / (stage_seen + {{ weight }}) as stage_ratio
    from summed

)

select
    forecast_date,
    stage_id,
    stage_age,
    cast(seen as bigint) as seen,
    cast(won as bigint) as won,
    cast({{ round_double(
        "(won + " ~ weight ~ " * stage_ratio) / (seen + " ~ weight ~ ")", 6
    ) }} as decimal(9, 6)) as win_ratio
from leaning
