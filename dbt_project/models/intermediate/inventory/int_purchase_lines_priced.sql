-- One row per purchase line, its unit price in reporting currency beside the last one and the standard.

with lines as (

    select * from {{ ref('int_purchase_lines') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

standards as (

    select * from {{ ref('int_standard_price_spans') }}

),

converted as (

    select
        lines.*,
        {{ divide_money('lines.amount', 'rates.units_per_reporting') }} as amount_reporting,
        {{ divide_price('lines.unit_price', 'rates.units_per_reporting') }} as unit_price_reporting,
        {{ divide_price('standards.standard_price', 'standard_rates.units_per_reporting') }}
            as standard_price_reporting

    from lines
    left join rates
        on
            lines.currency_code = rates.currency_code
            and lines.ordered_date >= rates.valid_from_date
            and lines.ordered_date < rates.valid_to_date
    left join standards
        on
            lines.company_id = standards.company_id
            and lines.product_id = standards.product_id
            and lines.ordered_date >= standards.valid_from_date
            and lines.ordered_date < standards.valid_to_date
    left join rates as standard_rates
        on
            standards.currency_code = standard_rates.currency_code
            and lines.ordered_date >= standard_rates.valid_from_date
            and lines.ordered_date < standard_rates.valid_to_date

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
    ordered_units,
    billed_units,
    unit_price,
    amount,
    currency_code,
    unit_price_reporting,
    amount_reporting,
    standard_price_reporting,
    lag(unit_price_reporting) over (
        partition by company_id, product_id
        order by ordered_date, cast(purchase_line_id as bigint)
    ) as last_price_reporting
from converted
