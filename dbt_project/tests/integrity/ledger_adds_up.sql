-- Every stream: fetched = landed = staged + superseded + deleted + quarantined, in rows and in money.
select
    source,
    stream,
    rows_fetched,
    rows_landed,
    rows_difference,
    money_difference
from {{ ref('ledger') }}
where not is_balanced
