-- One row per deal stage ever landed, newest version; one taken out of its pipeline stays, for past deals.

{{ config(materialized='table') }}

with landed as (

    select
        record_key,
        fetched_at,
        payload,
        max(fetched_at) over (partition by record_key) as pipeline_fetched_at

    from {{ source('hubspot', 'pipelines') }}
    where
        fetched_at <= {{ known_on() }}
        and not is_deleted
        and {{ json_is_valid('payload') }}

),

listed as (

    select
        record_key,
        fetched_at,
        fetched_at = pipeline_fetched_at as is_active,
        {{ trimmed_text(json_text('payload', 'label')) }} as pipeline_name,
        {{ json_rows('payload', 'stages') }} as stage_payload

    from landed

),

read as (

    select
        record_key,
        fetched_at,
        is_active,
        pipeline_name,
        {{ trimmed_text(json_text('stage_payload', 'id')) }} as stage_id,
        {{ trimmed_text(json_text('stage_payload', 'label')) }} as stage_name,
        try_cast({{ json_text('stage_payload', 'displayOrder') }} as integer) as display_order,
        try_cast({{ json_text('stage_payload', 'metadata.probability') }} as decimal(5, 4)) as win_probability_ratio,
        {{ json_text('stage_payload', 'metadata.isClosed') }} as closed_text

    from listed

),

newest as (

    select *
    from read
    qualify row_number() over (partition by stage_id order by fetched_at desc, record_key asc) = 1

)

select
    *,
    -- Older accounts say "closed" only by a probability of 0 or 1.
    coalesce(closed_text = 'true', win_probability_ratio in (0, 1)) as is_closed,
    case
        when stage_id is null then 'stage without an id'
        when win_probability_ratio is null or win_probability_ratio < 0 or win_probability_ratio > 1
            then 'stage probability is not between 0 and 1'
    end as quarantine_reason
from newest
