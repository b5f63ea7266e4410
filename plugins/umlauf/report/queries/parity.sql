-- One row: how many figures were compared with the sources' own, how many differ, and for which reasons.

select
    count(source_figure) as compared,
    count(*) filter (where difference <> 0) as differing,
    string_agg(distinct reason, ', ' order by reason) as reasons
from trust.parity
