-- One row per origin and product that can be bought: the lead time its supplier was measured to need by then.

{#- Fewer receipts than this tell nothing of how far they spread. -#}
{% set fewest_receipts = 5 %}
{% set days_back = 365 %}

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

offers as (

    select * from {{ ref('int_supply_offers') }}

),

purchases as (

    select * from {{ ref('fct_purchase_line') }}

),

receipts as (

    select
        origins.forecast_date,
        purchases.product_id,
        purchases.supplier_id,
        greatest(purchases.lead_time_days, 0) as lead_days,
        purchases.delay_days
    from origins
    inner join purchases
        on
            origins.forecast_date >= purchases.received_date
            and {{ days_after('origins.forecast_date', -days_back) }} < purchases.received_date

),

of_product as (

    select
        forecast_date,
        product_id,
        supplier_id,
        count(*) as receipts,
        -- Whole days: their sums are exact in any order.
        sum(lead_days) as total_days,
        sum(lead_days * lead_days) as squares,
        sum(case when lead_days <= 2 then 1 else 0 end) as quick_receipts
    from receipts
    group by forecast_date, product_id, supplier_id

),

of_supplier as (

    select
        forecast_date,
        supplier_id,
        sum(receipts) as receipts,
        sum(total_days) as total_days,
        sum(squares) as squares,
        sum(quick_receipts) as quick_receipts
    from of_product
    group by forecast_date, supplier_id

),

measured as (

    select
        of_product.forecast_date,
        of_product.product_id,
        'product' as lead_time_basis,
        of_product.receipts,
        of_product.total_days,
        of_product.squares,
        of_product.quick_receipts
    from of_product
    inner join offers
        on
            of_product.product_id = offers.product_id
            and of_product.supplier_id = offers.supplier_id
    union all
    select
        of_supplier.forecast_date,
        offers.product_id,
        'supplier' as lead_time_basis,
        of_supplier.receipts,
        of_supplier.total_days,
        of_supplier.squares,
        of_supplier.quick_receipts
    from of_supplier
    inner join offers on of_supplier.supplier_id = offers.supplier_id

),

delays as (

    -- How far all suppliers miss what they promise, for those who have shown nothing yet.
    select
        forecast_date,
        count(*) as receipts,
        sum(delay_days) as total_days,
        sum(delay_days * delay_days) as squares
    from receipts
    where delay_days is not null
    group by forecast_date

),

ranked as (

    select *
    from measured
    where receipts >= {{ fewest_receipts }}
    qualify row_number() over (partition by forecast_date, product_id order by lead_time_basis) = 1

)

select
    origins.forecast_date,
    origins.is_current,
    offers.product_id,
    offers.supplier_id,
    coalesce(ranked.lead_time_basis, 'promised') as lead_time_basis,
    coalesce(ranked.receipts, 0) as receipts,
    coalesce(
        {{ mean_of('ranked.total_days', 'ranked.receipts') }}, cast(coalesce(offers.promised_days, 0) as decimal(18, 6))
    ) as mean_days,
    coalesce(
        {{ deviation_of('ranked.total_days', 'ranked.squares', 'ranked.receipts') }},
        {{ deviation_of('delays.total_days', 'delays.squares', 'delays.receipts') }},
        0
    ) as deviation_days,
    -- Whom nobody has tried is believed, as far as his word goes.
    cast(coalesce(
        {{ round_double("cast(ranked.quick_receipts as double) / ranked.receipts", 4) }},
        case when offers.promised_days <= 2 then 1 else 0 end
    ) as decimal(5, 4)) as within_two_days_ratio

from origins
cross join offers
left join ranked
    on
        origins.forecast_date = ranked.forecast_date
        and offers.product_id = ranked.product_id
left join delays on origins.forecast_date = delays.forecast_date
