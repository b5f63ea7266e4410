-- One row per check of this build that did not hold, the most serious first.

select subject, check_name, severity, failures, message, why
from trust.quality_result
where build_id = $build_id and not is_passed
order by severity, subject, check_name
