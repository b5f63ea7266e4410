-- One row per HubSpot company ever landed, newest version; deleted and unusable ones included.

with records as (

    {{ newest_records('hubspot', 'companies', inside='properties') }}

)

select
    -- keys
    record_key,
    {{ hubspot_text('erp_customer_ref') }} as erp_customer_ref,

    -- text
    {{ hubspot_text('name') }} as company_name,
    {{ hubspot_text('domain') }} as web_domain,
    {{ hubspot_text('industry') }} as industry,
    {{ hubspot_text('country') }} as country_name,
    lower({{ hubspot_text('segment') }}) as segment,

    -- stamps, UTC
    {{ utc_stamp(hubspot_text('createdate')) }} as created_at,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason() }} as quarantine_reason

from records
