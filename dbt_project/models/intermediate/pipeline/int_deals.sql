-- One row per deal of any CRM, with its customer; facts that have no history, as last known.

with deals as (

    select * from {{ ref('stg_hubspot__deals') }}

),

companies as (

    select * from {{ ref('stg_hubspot__deals_to_companies') }}

),

customer_records as (

    select * from {{ ref('int_customers_identified') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

-- The company the CRM calls primary; without one the oldest. A company that was deleted is nobody's customer.
deal_customers as (

    select
        companies.deal_id,
        customer_records.customer_id

    from companies
    inner join customer_records
        on
            companies.company_id = customer_records.record_id
            and customer_records.source_system = 'crm'
    qualify row_number() over (
        partition by companies.deal_id
        order by
            case when companies.is_primary then 0 else 1 end,
            length(companies.company_id),
            companies.company_id
    ) = 1

)

select
    deals.deal_id,
    deals.deal_name,
    deals.currency_code,
    deals.created_at,
    {{ business_date('deals.created_at') }} as created_date,
    deals.stage_id as crm_stage_id,
    deals.deal_amount,
    deals.expected_close_date,
    deals.owner_id,
    deal_customers.customer_id,
    coalesce(customers.segment, 'unknown') as segment
from deals
left join deal_customers
    on deals.deal_id = deal_customers.deal_id
left join customers
    on deal_customers.customer_id = customers.customer_id
