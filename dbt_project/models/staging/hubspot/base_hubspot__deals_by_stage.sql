-- One row per deal stage: as it last was in the report, usable or not.

with records as (

    {{ newest_records('hubspot', 'deals_by_stage') }}

)

select
    -- keys
    record_key,

    -- figures
    try_cast(fields['total'] as bigint) as deal_count,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'deal_count is null': 'total missing or not a number',
    }) }} as quarantine_reason

from records
