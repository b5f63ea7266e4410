-- One row per source, stream and record key: how often it has landed, and with how much money.

{{ config(
    materialized=env_var('UMLAUF_STAGING', 'table'),
    incremental_strategy='delete+insert',
    unique_key=['source', 'stream', 'record_key'],
) }}

with landed as (

    {% for source_name, stream in declared_streams() %}
        {{ landed_keys(source_name, stream) }} {{ 'union all' if not loop.last }}
    {% else %}
        {{ no_landed_keys() }}
    {% endfor %}

),

counted as (

    select
        landed.source,
        landed.stream,
        landed.record_key,
        landed.money_newest,
        {% if adds_news() %}
            landed.rows_landed + coalesce(counted_before.rows_landed, 0) as rows_landed,
            landed.money_landed + coalesce(counted_before.money_landed, 0) as money_landed
        {% else %}
            landed.rows_landed,
            landed.money_landed
        {% endif %}

    from landed
    {% if adds_news() %}
        left join {{ this }} as counted_before
            on
                landed.source = counted_before.source
                and landed.stream = counted_before.stream
                and landed.record_key = counted_before.record_key
    {% endif %}

)

select
    source,
    stream,
    record_key,
    cast(rows_landed as bigint) as rows_landed,
    cast(money_landed as decimal(38, 2)) as money_landed,
    cast(money_newest as decimal(38, 2)) as money_newest

from counted
