-- One row per source and stream: how far its landed data reaches, seen from what this build knows.

with batches as (

    select * from {{ ref('int_batches') }}

),

known as (

    -- The newest thing known at all: a build for no particular moment has known_on far in the future.
    select least({{ known_on() }}, max(fetched_at)) as known_at
    from batches

),

streams as (

    select
        source,
        stream,
        max(case when is_complete then window_end end) as last_window_end_at,
        max(fetched_at) as last_fetched_at,
        max(case when rows_landed > 0 then fetched_at end) as last_rows_at
    from batches
    group by source, stream

),

published as (

    select
        streams.source,
        streams.stream,
        streams.last_window_end_at,
        streams.last_fetched_at,
        streams.last_rows_at,
        known.known_at,
        cast({{ hours_between('streams.last_fetched_at', 'known.known_at') }} as decimal(18, 2)) as age_hours,
        coalesce(streams.last_window_end_at < {{ end_of_business_date(as_of_date()) }}, true) as is_behind

    from streams
    cross join known

)

select * from published
