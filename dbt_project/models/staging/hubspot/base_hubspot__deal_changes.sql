-- One row per deal, property and change of its value, from HubSpot's own property history.

{{ config(pre_hook="{{ forget_touched('hubspot', 'deals') }}") }}

{% set properties = {
    'dealstage': 'stage',
    'amount': 'amount',
    'closedate': 'expected_close',
    'hubspot_owner_id': 'owner',
} %}

with landed as (

    select
        record_key,
        fetched_at,
        {{ json_fields('payload', inside='propertiesWithHistory') }} as histories,
        row_number() over (
            partition by record_key
            order by fetched_at desc, record_version desc, payload desc
        ) = 1 as is_newest

    from {{ source('hubspot', 'deals') }}
    where
        fetched_at <= {{ known_on() }}
        and not is_deleted
        and {{ json_is_valid('payload') }}
        and {{ is_touched('hubspot', 'deals') }}

),

listed as (

    {% for property, name in properties.items() %}
        select
            record_key,
            fetched_at,
            is_newest,
            '{{ name }}' as property,
            {{ json_rows_numbered("histories['" ~ property ~ "']") }}

        from landed
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

read as (

    select
        record_key,
        fetched_at,
        is_newest,
        property,
        place as recency,
        {{ json_fields('element') }} as entry

    from listed

),

typed as (

    select
        record_key,
        fetched_at,
        is_newest,
        property,
        recency,
        {{ trimmed_text("entry['value']") }} as value_text,
        entry['timestamp'] as changed_text,
        {{ utc_stamp("entry['timestamp']") }} as changed_at

    from read

),

-- HubSpot sends the history newest first and may cut its far end: the newest copy of a deal decides from its
-- oldest entry on, and only before that do older copies speak.
known as (

    select *
    from typed
    qualify
        is_newest
        or changed_at < coalesce(
            min(case when is_newest then changed_at end) over (partition by record_key, property),
            cast('9999-12-31' as timestamp)
        )

),

single as (

    select *
    from known
    qualify row_number() over (
        partition by record_key, property, changed_text, value_text
        order by fetched_at desc, recency asc
    ) = 1

),

valued as (

    select
        record_key,
        property,
        recency,
        changed_at,
        changed_text,
        value_text,
        fetched_at,
        case when property = 'amount' then try_cast(value_text as decimal(18, 2)) end as amount,
        case
            when property = 'expected_close' then {{ hubspot_close_date('value_text') }}
        end as expected_close_date

    from single

)

select
    *,
    case
        when changed_at is null
            then property || ' changed at an unreadable time: ' || coalesce(changed_text, 'empty')
        when property = 'amount' and value_text is not null and amount is null
            then 'earlier amount is not a decimal number: ' || value_text
        when property = 'expected_close' and value_text is not null and expected_close_date is null
            then 'earlier closedate is not a date: ' || value_text
    end as quarantine_reason
from valued
