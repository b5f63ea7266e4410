-- One row per ERP partner that is a customer, or a contact or address of one, with the customer and its segment.

with partners as (

    select * from {{ ref('stg_odoo__res_partner') }}

),

identified as (

    select * from {{ ref('int_customers_identified') }}
    where source_system = 'erp'

),

customers as (

    select * from {{ ref('int_customers') }}

)

select
    partners.partner_id,
    identified.customer_id,
    customers.segment
from partners
inner join identified on coalesce(partners.parent_partner_id, partners.partner_id) = identified.record_id
inner join customers on identified.customer_id = customers.customer_id
