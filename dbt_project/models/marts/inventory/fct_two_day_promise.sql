-- One row per product and warehouse it is sold from: whether its next four weeks can be served within two, worst first.

{#- A promise is one that is kept nine times in ten. -#}
{% set promised_ratio = 0.9 %}

with gaps as (

    select * from {{ ref('int_two_day_gaps') }}

),

offers as (

    select * from {{ ref('int_supply_offers') }}

),

lead_times as (

    select * from {{ ref('int_lead_times') }}
    where is_current

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

ordered as (

    select
        gaps.*,
        offers.supplier_id,
        offers.unit_price,
        offers.currency_code,
        {{ days_later('gaps.forecast_date', 'ceil(lead_times.mean_days)') }} as receipt_date,
        cast(case
            when gaps.gap_units > 0
                then {{ order_units('gaps.gap_units', 'offers.minimum_order_units', 'offers.pack_size_units') }}
            else 0
        end as decimal(18, 4)) as order_units
    from gaps
    left join offers on gaps.product_id = offers.product_id
    left join lead_times on gaps.product_id = lead_times.product_id

),

priced as (

    select
        ordered.*,
        {{ units_at_price('ordered.order_units', 'ordered.unit_price') }} as amount,
        {{ divide_money('ordered.order_units * ordered.unit_price', 'rates.units_per_reporting') }} as amount_reporting
    from ordered
    left join rates
        on
            ordered.currency_code = rates.currency_code
            and ordered.forecast_date >= rates.valid_from_date
            and ordered.forecast_date < rates.valid_to_date

)

select
    forecast_date,
    company_id,
    product_id,
    warehouse_id,
    cast(row_number() over (
        order by p_two_days asc nulls last, amount_reporting desc nulls last, product_id asc, warehouse_id asc
    ) as bigint) as urgency_rank,
    p_two_days,
    p_two_days >= {{ promised_ratio }} as is_promised,
    on_hand_units,
    outgoing_units,
    soon_units,
    cover_units,
    p10_units as need_p10_units,
    p50_units as need_p50_units,
    p90_units as need_p90_units,
    later_units,
    gap_units as next_month_gap_units,
    spare_elsewhere_units,
    supplier_id,
    order_units,
    case when order_units > 0 then receipt_date end as expected_receipt_date,
    amount as order_amount,
    currency_code,
    amount_reporting as order_amount_reporting
from priced
