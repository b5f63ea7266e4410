-- One row per tool: how many checks this build had to pass, and how many it did not.

select
    tool,
    count(*) as checks,
    count(*) filter (where not is_passed) as failed
from trust.quality_result
where build_id = $build_id
group by tool
order by tool
