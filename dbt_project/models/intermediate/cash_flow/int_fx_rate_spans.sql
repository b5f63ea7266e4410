-- One row per currency and span of days with one published rate; the reporting currency itself with 1.

with rates as (

    select * from {{ ref('int_fx_rates') }}

),

spans as (

    select
        currency_code,
        -- The first rate also holds before its day, as in Odoo: no amount loses its value for want of a rate.
        case
            when row_number() over (partition by currency_code order by rate_date) = 1
                then cast('1900-01-01' as date)
            else rate_date
        end as valid_from_date,
        lead(rate_date, 1, {{ open_end() }}) over (partition by currency_code order by rate_date)
            as valid_to_date,
        units_per_reporting,
        rate_date
    from rates

),

with_reporting as (

    select * from spans
    union all
    select
        '{{ var("reporting_currency") }}' as currency_code,
        cast('1900-01-01' as date) as valid_from_date,
        {{ open_end() }} as valid_to_date,
        cast(1 as decimal(20, 10)) as units_per_reporting,
        cast(null as date) as rate_date

)

select * from with_reporting
