-- One row per source: the stream that reaches least far speaks for it.

select
    source,
    count(*) as streams,
    min(last_window_end_at) as covered_until,
    max(last_fetched_at) as asked_at,
    max(last_rows_at) as changed_at,
    count(*) filter (where is_behind) as streams_behind
from trust.freshness
group by source
order by source
