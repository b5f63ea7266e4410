-- One row per customer record of any system, with the customer it stands for.

with crm_companies as (

    select * from {{ ref('stg_hubspot__companies') }}

),

erp_partners as (

    select * from {{ ref('stg_odoo__res_partner') }}

),

records as (

    select
        'crm' as source_system,
        company_id as record_id,
        erp_customer_ref as customer_ref,
        company_name as customer_name,
        segment,
        industry,
        country_name,
        true as is_organisation

    from crm_companies

    union all

    -- Contacts and addresses of a partner are no customers of their own.
    select
        'erp' as source_system,
        partner_id as record_id,
        partner_ref as customer_ref,
        -- A person's name stays where it is; the customer number says enough.
        case when is_company then partner_name end as customer_name,
        cast(null as string) as segment,
        cast(null as string) as industry,
        cast(null as string) as country_name,
        is_company as is_organisation

    from erp_partners
    where
        parent_partner_id is null
        and customer_rank > 0

)

select
    *,
    -- The ERP's customer number joins both; a record without one stands for itself.
    coalesce(customer_ref, source_system || '-' || record_id) as customer_id
from records
