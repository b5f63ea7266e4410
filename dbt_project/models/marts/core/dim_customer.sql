-- One row per customer, known to the CRM, the ERP or both.

with customers as (

    select * from {{ ref('int_customers') }}

)

select
    customer_id,
    crm_company_id,
    erp_partner_id,
    customer_name,
    segment,
    industry,
    country_name,
    is_organisation,
    is_in_crm,
    is_in_erp
from customers
