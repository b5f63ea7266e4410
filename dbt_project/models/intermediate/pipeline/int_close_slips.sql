-- One row per origin, stage and fifth: by how many days such deals were won after the close their owner expected.

{% set learnt_days = 455 %}

with snapshots as (

    select * from {{ ref('int_deal_snapshots') }}

),

endings as (

    select * from {{ ref('int_deal_endings') }}
    where is_won

),

slips as (

    -- A close expected in the past is expected now, at the earliest.
    select
        endings.forecast_date,
        snapshots.stage_id,
        {{ days_between(
            'greatest(snapshots.expected_close_date, snapshots.snapshot_date)', 'endings.closed_date'
        ) }} as slip_days
    from endings
    inner join snapshots
        on
            endings.deal_id = snapshots.deal_id
            and endings.closed_date > snapshots.snapshot_date
            and {{ days_after('endings.forecast_date', -learnt_days) }} < snapshots.snapshot_date

),

percentiles as (

    select
        forecast_date,
        stage_id,
        {{ fifths('slip_days', 'slip') }}
    from slips
    group by forecast_date, stage_id

),

fifths as (

    select
        *,
        {{ number_rows(1, 5) }} as fifth
    from percentiles

)

select
    forecast_date,
    stage_id,
    fifth,
    cast(round(case fifth
        when 1 then slip_1
        when 2 then slip_2
        when 3 then slip_3
        when 4 then slip_4
        else slip_5
    end) as bigint) as slip_days
from fifths
