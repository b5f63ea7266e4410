-- One row per company, product and span of days on which one standard price (of one base unit) was in force.

with products as (

    select * from {{ ref('int_products') }}

),

companies as (

    select * from {{ ref('int_companies') }}

),

set_prices as (

    select *
    from {{ ref('int_stock_revaluations') }}
    qualify row_number() over (
        partition by company_id, product_id, valued_date
        order by valued_at desc, cast(product_value_id as bigint) desc
    ) = 1

),

prices as (

    select
        company_id,
        product_id,
        valued_date as from_date,
        unit_price
    from set_prices

    union all

    -- Before the first price noted in the history: the one on the product, all the ERP still knows.
    select
        companies.company_id,
        products.product_id,
        cast('1900-01-01' as date) as from_date,
        products.standard_price as unit_price
    from products
    inner join companies on coalesce(products.company_id, companies.company_id) = companies.company_id

)

select
    prices.company_id,
    prices.product_id,
    prices.from_date as valid_from_date,
    lead(prices.from_date, 1, {{ open_end() }}) over (
        partition by prices.company_id, prices.product_id
        order by prices.from_date
    ) as valid_to_date,
    cast(prices.unit_price as decimal(18, 6)) as standard_price,
    companies.currency_code
from prices
inner join companies on prices.company_id = companies.company_id
