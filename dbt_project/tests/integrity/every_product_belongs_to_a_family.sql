-- A product of a category that has not landed is of the family 'unmapped', with all its stock, demand and margin.

{{ config(severity='warn') }}

select
    product_id,
    product_family
from {{ ref('dim_product') }}
where product_family = 'unmapped'
