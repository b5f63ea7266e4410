-- One row per tier, document and day ahead on which it is expected to move cash: what fct_cash_forecast adds up.

with lines as (

    select * from {{ ref('int_cash_forecast_lines') }}
    where forecast_date = {{ as_of_date() }}

),

names as (

    select
        document_type,
        document_id,
        document_name,
        partner_id
    from {{ ref('int_cash_claims_due') }}
    where forecast_date = {{ as_of_date() }}
    union
    select
        document_type,
        document_id,
        document_name,
        partner_id
    from {{ ref('int_cash_claims_ordered') }}
    where forecast_date = {{ as_of_date() }}
    union
    select
        document_type,
        document_id,
        document_name,
        partner_id
    from {{ ref('int_cash_claims_planned') }}
    where forecast_date = {{ as_of_date() }}
    union
    select
        document_type,
        document_id,
        document_name,
        partner_id
    from {{ ref('int_cash_claims_dealt') }}
    where forecast_date = {{ as_of_date() }}

)

select
    lines.forecast_date,
    lines.horizon,
    lines.tier,
    lines.direction,
    lines.expected_date,
    lines.document_type,
    lines.document_id,
    coalesce(names.document_name, lines.document_id) as document_name,
    names.partner_id,
    lines.amount_reporting

from lines
left join names
    on
        lines.document_type = names.document_type
        and lines.document_id = names.document_id
