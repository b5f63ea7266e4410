-- One row per source and stream: fetched = landed = staged + superseded + deleted + quarantined.

with counts as (

    select * from {{ ref('int_stream_counts') }}

),

batches as (

    select
        source,
        stream,
        cast(count(*) as bigint) as batches,
        cast(sum(rows_fetched) as bigint) as rows_fetched
    from {{ ref('int_batches') }}
    group by source, stream

),

newest as (

    -- What the source counted when its newest batch was complete; a later batch makes it out of date.
    select
        source,
        stream,
        case when is_complete then source_total end as source_total
    from {{ ref('int_batches') }}
    qualify row_number() over (partition by source, stream order by fetched_at desc) = 1

),

compared as (

    select
        counts.*,
        coalesce(batches.batches, 0) as batches,
        coalesce(batches.rows_fetched, 0) as rows_fetched,
        newest.source_total,
        counts.rows_staged + counts.rows_superseded + counts.rows_deleted + counts.rows_quarantined
            as rows_explained,
        coalesce(counts.money_staged, 0) + coalesce(counts.money_superseded, 0)
        + coalesce(counts.money_deleted, 0) + coalesce(counts.money_quarantined, 0) as money_explained
    from counts
    left join batches
        on
            counts.source = batches.source
            and counts.stream = batches.stream
    left join newest
        on
            counts.source = newest.source
            and counts.stream = newest.stream

),

published as (

    select
        source,
        stream,
        batches,
        rows_fetched,
        rows_landed,
        rows_staged,
        rows_superseded,
        rows_deleted,
        rows_quarantined,
        rows_landed - rows_explained as rows_difference,
        source_total,
        source_total - rows_staged - rows_quarantined as source_difference,
        cast(money_landed as decimal(38, 2)) as money_landed,
        cast(money_staged as decimal(38, 2)) as money_staged,
        cast(money_superseded as decimal(38, 2)) as money_superseded,
        cast(money_deleted as decimal(38, 2)) as money_deleted,
        cast(money_quarantined as decimal(38, 2)) as money_quarantined,
        cast(money_landed - money_explained as decimal(38, 2)) as money_difference,
        rows_fetched = rows_landed
        and rows_landed = rows_explained
        and coalesce(money_landed, 0) = money_explained as is_balanced

    from compared

)

select * from published
