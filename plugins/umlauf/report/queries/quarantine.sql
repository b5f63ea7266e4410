-- One row per stream and reason: records nobody could use, the commonest first.

select
    source,
    stream,
    reason,
    count(*) as records
from trust.quarantine
group by source, stream, reason
order by records desc, source, stream, reason
limit 10
