-- One row per Odoo currency, company and day with a published rate: newest version known, usable or not.

with newest as (

    {{ newest_versions('odoo', 'res_currency_rate') }}

),

typed as (

    select
        -- keys
        record_key,
        {{ odoo_id('payload', 'currency_id') }} as currency_id,
        {{ odoo_id('payload', 'company_id') }} as company_id,

        -- rates, units of the currency for one unit of the company's
        {{ odoo_decimal('payload', 'company_rate', 'decimal(28, 12)') }} as units_per_company_currency,

        -- dates
        {{ odoo_date('payload', 'name') }} as rate_date,

        -- lineage
        record_version,
        is_deleted,
        fetched_at

    from newest

),

judged as (

    select
        *,
        case
            when is_deleted then null
            when rate_date is null then 'rate without a date'
            when currency_id is null then 'rate without a currency'
            when coalesce(units_per_company_currency, 0) <= 0 then 'rate missing, zero or negative'
        end as quarantine_reason

    from typed

)

select * from judged
