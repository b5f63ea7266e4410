-- One row per currency and day with a published rate, in units for one unit of the reporting currency.

with rates as (

    select * from {{ ref('stg_odoo__res_currency_rate') }}

),

currencies as (

    select * from {{ ref('stg_odoo__res_currency') }}

),

companies as (

    select * from {{ ref('stg_odoo__res_company') }}

),

-- Odoo keeps rates per company, in that company's currency: take the books kept in the reporting currency.
base_company as (

    select companies.company_id
    from companies
    inner join currencies on companies.currency_id = currencies.currency_id
    where currencies.currency_code = '{{ var("reporting_currency") }}'
    qualify row_number() over (order by cast(companies.company_id as bigint)) = 1

),

published as (

    select
        currencies.currency_code,
        rates.rate_date,
        cast(rates.units_per_company_currency as decimal(20, 10)) as units_per_reporting
    from rates
    inner join currencies on rates.currency_id = currencies.currency_id
    inner join base_company on coalesce(rates.company_id, base_company.company_id) = base_company.company_id
    where currencies.currency_code <> '{{ var("reporting_currency") }}'
    -- A company's own rate beats one shared by all companies.
    qualify row_number() over (
        partition by currencies.currency_code, rates.rate_date
        order by rates.company_id nulls last, rates.currency_rate_id
    ) = 1

)

select * from published
