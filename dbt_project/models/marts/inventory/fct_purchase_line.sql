-- One row per product line of a confirmed purchase order.

with lines as (

    select * from {{ ref('int_purchase_lines_priced') }}

),

receipts as (

    select * from {{ ref('int_purchase_lines_received') }}

),

joined as (

    select
        lines.*,
        coalesce(receipts.received_units, 0) as received_units,
        coalesce(receipts.received_on_time_units, 0) as received_on_time_units,
        receipts.first_received_date,
        receipts.last_received_date,
        receipts.completed_date

    from lines
    left join receipts on lines.purchase_line_id = receipts.purchase_line_id

)

select
    purchase_line_id,
    purchase_order_id,
    order_name,
    company_id,
    supplier_id,
    product_id,
    ordered_date,
    promised_date,
    first_received_date,
    last_received_date as received_date,
    completed_date,
    ordered_units,
    cast(received_units as decimal(18, 4)) as received_units,
    cast(received_on_time_units as decimal(18, 4)) as received_on_time_units,
    cast(greatest(ordered_units - received_units, 0) as decimal(18, 4)) as open_units,
    billed_units,
    {{ days_between('ordered_date', 'last_received_date') }} as lead_time_days,
    {{ days_between('promised_date', 'last_received_date') }} as delay_days,
    case
        when received_on_time_units >= ordered_units then true
        -- Not there yet and still time: neither kept nor broken.
        when promised_date < {{ as_of_date() }} or completed_date is not null then false
    end as is_otif,
    unit_price,
    amount,
    currency_code,
    unit_price_reporting,
    amount_reporting,
    last_price_reporting,
    standard_price_reporting,
    cast(
        round((unit_price_reporting - last_price_reporting) * ordered_units, 2) as decimal(18, 2)
    ) as last_price_variance_reporting,
    cast(
        round((unit_price_reporting - standard_price_reporting) * ordered_units, 2) as decimal(18, 2)
    ) as standard_price_variance_reporting
from joined
