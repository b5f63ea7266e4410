-- One row per product, warehouse and day the product changed anywhere in its company: levels that evening.

with changes as (

    select * from {{ ref('int_stock_changes') }}

),

value_spans as (

    select * from {{ ref('int_stock_value_spans') }}

),

places as (

    select
        company_id,
        product_id,
        warehouse_id,
        min(change_date) as first_date
    from changes
    group by company_id, product_id, warehouse_id

),

dated as (

    select
        company_id,
        product_id,
        change_date,
        cast(null as date) as valued_date
    from changes
    union all
    select
        company_id,
        product_id,
        valid_from_date as change_date,
        valid_from_date as valued_date
    from value_spans

),

days as (

    select
        company_id,
        product_id,
        change_date,
        -- The day since which the company's stock has had its value: so a span is found by its key.
        max(max(valued_date)) over (partition by company_id, product_id order by change_date) as valued_date
    from dated
    group by company_id, product_id, change_date

),

-- A receipt in one warehouse moves the average cost, and so the value, in all of them.
grid as (

    select
        places.company_id,
        places.product_id,
        places.warehouse_id,
        days.change_date,
        days.valued_date
    from places
    inner join days
        on
            places.company_id = days.company_id
            and places.product_id = days.product_id
            and places.first_date <= days.change_date

),

levels as (

    select
        grid.company_id,
        grid.product_id,
        grid.warehouse_id,
        grid.change_date,
        {% for measure in ['on_hand_units', 'incoming_units', 'outgoing_units', 'reserved_units'] %}
            cast(sum(coalesce(changes.{{ measure }}, 0)) over place_history as decimal(18, 4))
                as {{ measure }},
        {% endfor %}
        coalesce(value_spans.company_units, 0) as company_units,
        coalesce(value_spans.company_value, 0) as company_value

    from grid
    left join changes
        on
            grid.company_id = changes.company_id
            and grid.product_id = changes.product_id
            and grid.warehouse_id = changes.warehouse_id
            and grid.change_date = changes.change_date
    left join value_spans
        on
            grid.company_id = value_spans.company_id
            and grid.product_id = value_spans.product_id
            and grid.valued_date = value_spans.valid_from_date
    window place_history as (
        partition by grid.company_id, grid.product_id, grid.warehouse_id
        order by grid.change_date
        rows between unbounded preceding and current row
    )

)

select * from levels
