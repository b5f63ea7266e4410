-- One row per HubSpot deal with its links to line items, newest version.

with {{ hubspot_records('deals_to_line_items') }}

select
    record_key,
    record_version,
    is_deleted,
    fetched_at,
    payload,
    payload_reason as quarantine_reason
from records
