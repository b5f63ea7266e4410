-- One row per Odoo currency, company and day with a published rate: newest version known, usable or not.

with records as (

    {{ newest_records('odoo', 'res_currency_rate') }}

)

select
    -- keys
    record_key,
    {{ odoo_id('currency_id') }} as currency_id,
    {{ odoo_id('company_id') }} as company_id,

    -- rates, units of the currency for one unit of the company's
    {{ odoo_decimal('company_rate', 'decimal(28, 12)') }} as units_per_company_currency,

    -- dates
    {{ odoo_date('name') }} as rate_date,

    -- lineage
    record_version,
    is_deleted,
    fetched_at,

    {{ quarantine_reason({
        'rate_date is null': 'rate without a date',
        'currency_id is null': 'rate without a currency',
        'coalesce(units_per_company_currency, 0) <= 0': 'rate missing, zero or negative',
    }) }} as quarantine_reason

from records
