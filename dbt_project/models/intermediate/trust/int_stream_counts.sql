-- One row per declared stream: what became of its landed rows and money.

with landed as (

    select
        source,
        stream,
        sum(rows_landed) as rows_landed,
        sum(rows_landed - 1) as rows_superseded,
        sum(money_landed) as money_landed,
        sum(money_landed - money_newest) as money_superseded
    from {{ ref('int_landed_keys') }}
    group by source, stream

),

judged as (

    {% for source_name, stream in declared_streams() %}
        {{ judged_rows(source_name, stream) }} {{ 'union all' if not loop.last }}
    {% else %}
        {{ no_judged_rows() }}
    {% endfor %}

)

select
    judged.source,
    judged.stream,
    cast(coalesce(landed.rows_landed, 0) as bigint) as rows_landed,
    cast(coalesce(landed.rows_superseded, 0) as bigint) as rows_superseded,
    -- A stream without money has none to explain: NULL, as in what was judged.
    cast(case when judged.money_staged is not null then coalesce(landed.money_landed, 0) end as decimal(38, 2))
        as money_landed,
    cast(case when judged.money_staged is not null then coalesce(landed.money_superseded, 0) end as decimal(38, 2))
        as money_superseded,
    judged.rows_deleted,
    judged.rows_quarantined,
    judged.money_deleted,
    judged.money_quarantined,
    judged.rows_staged,
    judged.money_staged

from judged
left join landed
    on
        judged.source = landed.source
        and judged.stream = landed.stream
