-- One row per partner that the ERP marks as a supplier, that we ordered from, or that offers a price.

with partners as (

    select * from {{ ref('stg_odoo__res_partner') }}

),

orders as (

    select * from {{ ref('stg_odoo__purchase_order') }}

),

prices as (

    select * from {{ ref('stg_odoo__product_supplierinfo') }}

),

known as (

    select partner_id from partners
    where supplier_rank > 0
    union
    select partner_id from orders
    union
    select partner_id from prices

)

select
    known.partner_id as supplier_id,
    partners.partner_ref as supplier_ref,
    partners.partner_name,
    partners.country_id,
    coalesce(partners.is_company, false) as is_company,
    coalesce(partners.is_active, false) as is_active
from known
left join partners on known.partner_id = partners.partner_id
