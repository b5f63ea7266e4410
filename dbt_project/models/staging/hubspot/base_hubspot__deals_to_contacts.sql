-- One row per HubSpot deal with its links to contacts, newest version.

with {{ hubspot_records('deals_to_contacts') }}

select
    record_key,
    record_version,
    is_deleted,
    fetched_at,
    payload,
    payload_reason as quarantine_reason
from records
