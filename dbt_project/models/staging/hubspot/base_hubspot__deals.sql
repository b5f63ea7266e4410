-- One row per HubSpot deal ever landed, newest version; deleted and unusable ones included.

with records as (

    {{ newest_records('hubspot', 'deals', inside='properties') }}

)

select
    -- keys
    record_key,
    {{ hubspot_text('pipeline') }} as pipeline_id,
    {{ hubspot_text('dealstage') }} as stage_id,
    {{ hubspot_text('hubspot_owner_id') }} as owner_id,

    -- text
    {{ hubspot_text('dealname') }} as deal_name,
    {{ hubspot_text('dealtype') }} as deal_type,
    {{ hubspot_text('closed_lost_reason') }} as lost_reason,

    -- money, in the deal's own currency
    upper({{ hubspot_text('deal_currency_code') }}) as currency_code,
    {{ hubspot_text('amount') }} as amount_text,
    try_cast(amount_text as decimal(18, 2)) as deal_amount,

    -- dates: stamps in UTC, business dates in the company's time zone
    {{ hubspot_text('createdate') }} as created_text,
    {{ utc_stamp('created_text') }} as created_at,
    {{ hubspot_text('closedate') }} as close_text,
    {{ hubspot_close_date('close_text') }} as expected_close_date,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'created_at is null': ['createdate is not a time', 'created_text'],
        'close_text is not null and expected_close_date is null': ['closedate is not a date', 'close_text'],
        'amount_text is not null and deal_amount is null':
            ['amount is not a decimal number of up to 16 digits', 'amount_text'],
        'deal_amount is not null and currency_code is null': 'amount without a currency',
        "length(currency_code) != 3 or currency_code in ('XXX', 'XTS')":
            ['deal_currency_code is not a currency', 'currency_code'],
    }) }} as quarantine_reason

from records
