{# Mean and deviation of daily demand over the days before a moment that began with stock: one row per row of
   `moments` (product_id, warehouse_id, moment), with free_days, mean_units and deviation_units; `days` is how far
   back, at most to the first day of the product there. Days without an order count as zero; days that began without
   stock do not count at all. `units` names the column of int_demand that is averaged. NULL where no day counts,
   the deviation where fewer than two do. #}
{% macro trailing_demand(moments, days, units='demanded_units') -%}
    select
        product_id,
        warehouse_id,
        moment,
        free_days,
        {{ mean_of('total', 'free_days') }} as mean_units,
        {{ deviation_of('total', 'squares', 'free_days') }} as deviation_units
    from (
        select
            windows.product_id,
            windows.warehouse_id,
            windows.moment,
            windows.days - coalesce(closed.days, 0) as free_days,
            coalesce(sold.total, 0) as total,
            coalesce(sold.squares, 0) as squares
        from ({{ trailing_windows(moments, days) }}) as windows
        left join (
            select
                windows.product_id,
                windows.warehouse_id,
                windows.moment,
                sum({{ days_between(
                    'greatest(stockouts.valid_from_date, windows.first_day)',
                    'least(stockouts.valid_to_date, windows.moment)'
                ) }}) as days
            from ({{ trailing_windows(moments, days) }}) as windows
            inner join {{ ref('int_stockouts') }} as stockouts
                on windows.product_id = stockouts.product_id
                and windows.warehouse_id = stockouts.warehouse_id
                and stockouts.valid_from_date < windows.moment
                and stockouts.valid_to_date > windows.first_day
            group by windows.product_id, windows.warehouse_id, windows.moment
        ) as closed
            on windows.product_id = closed.product_id
            and windows.warehouse_id = closed.warehouse_id
            and windows.moment = closed.moment
        left join (
            select
                windows.product_id,
                windows.warehouse_id,
                windows.moment,
                sum(demand.{{ units }}) as total,
                sum(cast(demand.{{ units }} * demand.{{ units }} as decimal(28, 8))) as squares
            from ({{ trailing_windows(moments, days) }}) as windows
            inner join {{ ref('int_demand') }} as demand
                on windows.product_id = demand.product_id
                and windows.warehouse_id = demand.warehouse_id
                and demand.day >= windows.first_day
                and demand.day < windows.moment
                and not demand.is_censored
            group by windows.product_id, windows.warehouse_id, windows.moment
        ) as sold
            on windows.product_id = sold.product_id
            and windows.warehouse_id = sold.warehouse_id
            and windows.moment = sold.moment
    ) as counted
{%- endmacro %}

{# The days a moment looks back upon: from first_day up to, not including, the moment. #}
{% macro trailing_windows(moments, days) -%}
    select
        moments.product_id,
        moments.warehouse_id,
        moments.moment,
        greatest(places.first_date, {{ days_after('moments.moment', -days) }}) as first_day,
        greatest({{ days_between(
            'greatest(places.first_date, ' ~ days_after('moments.moment', -days) ~ ')', 'moments.moment'
        ) }}, 0) as days
    from {{ moments }} as moments
    inner join {{ ref('int_demand_places') }} as places
        on moments.product_id = places.product_id
        and moments.warehouse_id = places.warehouse_id
{%- endmacro %}
