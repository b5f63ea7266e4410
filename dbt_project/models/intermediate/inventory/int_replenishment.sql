-- One row per origin, stocked product and warehouse: how much to order, of whom, by when and at what cost.

with dates as (

    select * from {{ ref('int_order_dates') }}

),

offers as (

    select * from {{ ref('int_supply_offers') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

products as (

    select * from {{ ref('int_products') }}

),

priced as (

    select
        dates.*,
        offers.supplier_id,
        offers.pack_size_units,
        offers.minimum_order_units,
        offers.unit_price,
        offers.currency_code,
        {{ divide_price('offers.unit_price', 'rates.units_per_reporting') }} as unit_price_reporting,
        products.is_active
    from dates
    inner join products on dates.product_id = products.product_id
    left join offers on dates.product_id = offers.product_id
    left join rates
        on
            offers.currency_code = rates.currency_code
            and dates.forecast_date >= rates.valid_from_date
            and dates.forecast_date < rates.valid_to_date

),

economic as (

    select
        *,
        cast({{ round_double("sqrt(
            2 * 365 * cast(daily_units as double) * " ~ var('ordering_cost_reporting') ~ "
            / nullif(" ~ var('holding_cost_ratio') ~ " * cast(unit_price_reporting as double), 0)
        )", 4) }} as decimal(18, 4)) as economic_units
    from priced

),

sized as (

    -- At least what lifts the position back to the reorder point: else the next order is due at once.
    select
        *,
        greatest(
            coalesce(economic_units, 0),
            case when order_by_date = forecast_date then reorder_point_units - position_units else 0 end
        ) as wanted_units
    from economic

)

select
    forecast_date,
    is_current,
    product_id,
    warehouse_id,
    abc_class,
    service_level_ratio,
    daily_units,
    daily_deviation_units,
    lead_time_days,
    lead_time_deviation_days,
    safety_stock_units,
    reorder_point_units,
    on_hand_units,
    incoming_units,
    outgoing_units,
    position_units,
    economic_units,
    minimum_order_units,
    pack_size_units,
    case when is_active and supplier_id is not null then order_by_date end as order_by_date,
    case
        when is_active and order_by_date is not null
            then cast({{ order_units('wanted_units', 'minimum_order_units', 'pack_size_units') }} as decimal(18, 4))
    end as order_units,
    supplier_id,
    unit_price,
    currency_code,
    unit_price_reporting,
    is_active
from sized
