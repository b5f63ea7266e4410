-- One row per HubSpot company ever landed, newest version; deleted and unusable ones included.

with {{ hubspot_records('companies') }},

read as (

    select
        record_key,
        record_version,
        is_deleted,
        fetched_at,
        {{ hubspot_text('name') }} as company_name,
        {{ hubspot_text('domain') }} as web_domain,
        {{ hubspot_text('industry') }} as industry,
        {{ hubspot_text('country') }} as country_name,
        lower({{ hubspot_text('segment') }}) as segment,
        {{ hubspot_text('erp_customer_ref') }} as erp_customer_ref,
        {{ utc_stamp(hubspot_text('createdate')) }} as created_at,
        payload_reason as quarantine_reason

    from records

)

select * from read
