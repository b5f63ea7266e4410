-- One row: what became of every landed row, all sources together.

select
    coalesce(sum(rows_landed), 0) as landed,
    coalesce(sum(rows_staged), 0) as staged,
    coalesce(sum(rows_superseded), 0) as superseded,
    coalesce(sum(rows_deleted), 0) as deleted,
    coalesce(sum(rows_quarantined), 0) as quarantined,
    count(*) filter (where not is_balanced) as unbalanced
from trust.ledger
