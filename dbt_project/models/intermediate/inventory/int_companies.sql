-- One row per company whose books the ERP keeps, with its currency.

with companies as (

    select * from {{ ref('stg_odoo__res_company') }}

),

currencies as (

    select * from {{ ref('stg_odoo__res_currency') }}

)

select
    companies.company_id,
    companies.company_name,
    currencies.currency_code
from companies
left join currencies on companies.currency_id = currencies.currency_id
