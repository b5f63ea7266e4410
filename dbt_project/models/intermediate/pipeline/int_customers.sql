-- One row per customer, known to the CRM, the ERP or both.

with records as (

    select * from {{ ref('int_customers_identified') }}

),

-- Two records of one system may bear one customer number (a duplicate company; one partner per company of a
-- group): the oldest speaks.
ranked as (

    select
        *,
        row_number() over (
            partition by customer_id, source_system order by length(record_id), record_id
        ) as record_rank

    from records

),

merged as (

    select
        customer_id,
        max(case when source_system = 'crm' then record_id end) as crm_company_id,
        max(case when source_system = 'erp' then record_id end) as erp_partner_id,
        coalesce(
            max(case when source_system = 'crm' then customer_name end),
            max(case when source_system = 'erp' then customer_name end)
        ) as customer_name,
        coalesce(
            max(case when segment in ('public_sector', 'commercial') then segment end), 'unknown'
        ) as segment,
        max(industry) as industry,
        max(country_name) as country_name,
        max(case when is_organisation then 1 else 0 end) = 1 as is_organisation

    from ranked
    where record_rank = 1
    group by customer_id

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
    crm_company_id is not null as is_in_crm,
    erp_partner_id is not null as is_in_erp
from merged
