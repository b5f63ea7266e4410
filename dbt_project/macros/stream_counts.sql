{# The ledger's arithmetic, the same for every declared stream: nobody lists streams by hand.
   Var `streams` is {source: [stream, ...]}, passed by the build from the sources' own declarations. #}

{% macro declared_streams() %}
    {% set found = [] %}
    {% set declared = var('streams', none) %}
    {% if declared is mapping %}
        {% for source_name, streams in declared.items() %}
            {% for stream in streams %}
                {% do found.append((source_name, stream)) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
    {{ return(found) }}
{% endmacro %}

{# `meta.money` of the stream's base model: {path: field in the payload, column: the same in the model}. #}
{% macro stream_money(source_name, stream) %}
    {% set nodes = (graph.get('nodes') or {}) if execute else {} %}
    {% set node = nodes.get('model.' ~ project_name ~ '.base_' ~ source_name ~ '__' ~ stream) %}
    {{ return((node.config.meta.get('money') or {}) if node else {}) }}
{% endmacro %}

{# One row per key of the stream: its landed rows and money, counted in the files; the base model counts for itself,
   so that a row lost between them shows. #}
{% macro landed_keys(source_name, stream) %}
    {% set money = stream_money(source_name, stream) %}
    select
        '{{ source_name }}' as source,
        '{{ stream }}' as stream,
        record_key,
        count(*) as rows_landed,
        {% if money %}
        coalesce(sum(amount), 0) as money_landed,
        coalesce(sum(case when recency = 1 then amount end), 0) as money_newest
        {% else %}
        cast(0 as decimal(38, 2)) as money_landed,
        cast(0 as decimal(38, 2)) as money_newest
        {% endif %}
    from (
        select
            record_key,
            {% if money %}
            try_cast({{ json_text('payload', money.path) }} as decimal(18, 2)) as amount,
            row_number() over (
                partition by record_key order by fetched_at desc, record_version desc, payload desc
            ) as recency
            {% else %}
            fetched_at
            {% endif %}
        from {{ landed_rows(source_name, stream) }} as landed
        where fetched_at <= {{ known_on() }}
    ) as versions
    group by record_key
{% endmacro %}

{# What a project without declared streams has: the same columns and no row. #}
{% macro no_landed_keys() %}
    select
        cast(null as string) as source,
        cast(null as string) as stream,
        cast(null as string) as record_key,
        cast(null as bigint) as rows_landed,
        cast(null as decimal(38, 2)) as money_landed,
        cast(null as decimal(38, 2)) as money_newest
    where 1 = 0
{% endmacro %}

{# One row: what the stream's base model made of its records. #}
{% macro judged_rows(source_name, stream) %}
    {% set money = stream_money(source_name, stream) %}
    {% set unusable = 'not is_deleted and quarantine_reason is not null' %}
    {% set usable = 'not is_deleted and quarantine_reason is null' %}
        select
            '{{ source_name }}' as source,
            '{{ stream }}' as stream,
            count(case when is_deleted then 1 end) as rows_deleted,
            count(case when {{ unusable }} then 1 end) as rows_quarantined,
            {{ money_where(money, 'is_deleted') }} as money_deleted,
            {{ money_where(money, unusable) }} as money_quarantined,
            count(case when {{ usable }} then 1 end) as rows_staged,
            {{ money_where(money, usable) }} as money_staged
        from {{ ref('base_' ~ source_name ~ '__' ~ stream) }}
{% endmacro %}

{% macro money_where(money, condition) -%}
    {%- if money -%}
        cast(coalesce(sum(case when {{ condition }} then {{ money.column }} end), 0) as decimal(38, 2))
    {%- else -%}
        cast(null as decimal(38, 2))
    {%- endif -%}
{%- endmacro %}

{# What a project without declared streams has: the same columns and no row. #}
{% macro no_judged_rows() %}
    select
        cast(null as string) as source,
        cast(null as string) as stream,
        cast(null as bigint) as rows_deleted,
        cast(null as bigint) as rows_quarantined,
        cast(null as decimal(38, 2)) as money_deleted,
        cast(null as decimal(38, 2)) as money_quarantined,
        cast(null as bigint) as rows_staged,
        cast(null as decimal(38, 2)) as money_staged
    where 1 = 0
{% endmacro %}

{# Rows of one stream that could not be used, with their reason. #}
{% macro stream_quarantine(source_name, stream) %}
    select
        '{{ source_name }}' as source,
        '{{ stream }}' as stream,
        unusable.record_key,
        unusable.record_version,
        unusable.quarantine_reason as reason,
        min(landed.fetched_at) as first_seen_at,
        max(landed.fetched_at) as last_seen_at
    from {{ ref('base_' ~ source_name ~ '__' ~ stream) }} as unusable
    inner join {{ source(source_name, stream) }} as landed
        on unusable.record_key = landed.record_key
        and unusable.record_version = landed.record_version
        and landed.fetched_at <= {{ known_on() }}
    where not unusable.is_deleted and unusable.quarantine_reason is not null
    group by unusable.record_key, unusable.record_version, unusable.quarantine_reason
{% endmacro %}

{# What a project without declared streams has: the same columns and no row. #}
{% macro no_stream_quarantine() %}
    select
        cast(null as string) as source,
        cast(null as string) as stream,
        cast(null as string) as record_key,
        cast(null as timestamp) as record_version,
        cast(null as string) as reason,
        cast(null as timestamp) as first_seen_at,
        cast(null as timestamp) as last_seen_at
    where 1 = 0
{% endmacro %}
