-- No stream lands unwatched: whatever has a batch has a line in the ledger.
select distinct
    batches.source,
    batches.stream
from {{ ref('int_batches') }} as batches
left join {{ ref('ledger') }} as ledger
    on
        batches.source = ledger.source
        and batches.stream = ledger.stream
where ledger.stream is null
