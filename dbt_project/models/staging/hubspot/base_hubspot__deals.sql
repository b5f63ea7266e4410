-- One row per HubSpot deal ever landed, newest version; deleted and unusable ones included.

with {{ hubspot_records('deals') }},

read as (

    select
        record_key,
        record_version,
        is_deleted,
        fetched_at,
        payload_reason,
        {{ hubspot_text('dealname') }} as deal_name,
        {{ hubspot_text('dealtype') }} as deal_type,
        {{ hubspot_text('pipeline') }} as pipeline_id,
        {{ hubspot_text('dealstage') }} as stage_id,
        {{ hubspot_text('hubspot_owner_id') }} as owner_id,
        {{ hubspot_text('closed_lost_reason') }} as lost_reason,
        upper({{ hubspot_text('deal_currency_code') }}) as currency_code,
        {{ hubspot_text('amount') }} as amount_text,
        {{ hubspot_text('createdate') }} as created_text,
        {{ hubspot_text('closedate') }} as close_text

    from records

),

typed as (

    select
        *,
        try_cast(amount_text as decimal(18, 2)) as deal_amount,
        {{ utc_stamp('created_text') }} as created_at,
        {{ hubspot_close_date('close_text') }} as expected_close_date

    from read

),

judged as (

    select
        *,
        case
            when is_deleted then null
            when payload_reason is not null then payload_reason
            when created_at is null then 'createdate is not a time: ' || coalesce(created_text, 'empty')
            when close_text is not null and expected_close_date is null
                then 'closedate is not a date: ' || close_text
            when amount_text is not null and deal_amount is null
                then 'amount is not a decimal number of up to 16 digits: ' || amount_text
            when deal_amount is not null and currency_code is null then 'amount without a currency'
            when length(currency_code) != 3 or currency_code in ('XXX', 'XTS')
                then 'deal_currency_code is not a currency: ' || currency_code
        end as quarantine_reason

    from typed

)

select * from judged
