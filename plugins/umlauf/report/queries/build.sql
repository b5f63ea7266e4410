-- One row: the build that this snapshot shows.

select
    build_id,
    as_of_date,
    known_on,
    code_version,
    count(*) as marts,
    sum(row_count) as row_count
from trust.build
where build_id = (select min(build_id) from core.dim_date)
group by all
