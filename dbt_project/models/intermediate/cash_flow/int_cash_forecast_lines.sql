-- One row per origin, tier, document and day ahead: the cash expected on that day, in is positive.

with dated as (

    select
        claims.forecast_date,
        claims.tier,
        claims.document_type,
        claims.document_id,
        claims.expected_date,
        case
            when claims.tier = 'planned_replenishment'
                then {{ multiply_money('claims.amount_reporting', 'beyond.plan_ratio') }}
            else claims.amount_reporting
        end as amount_reporting
    from {{ ref('int_cash_claims_dated') }} as claims
    inner join {{ ref('int_cash_undocumented') }} as beyond
        on
            claims.forecast_date = beyond.forecast_date
            and {{ weeks_ahead('claims.forecast_date', 'claims.expected_date') }} = beyond.horizon

),

recurring as (

    select
        forecast_date,
        'recurring' as tier,
        'bank_category' as document_type,
        account_id || '/' || category as document_id,
        expected_date,
        case when direction = 'in' then amount_reporting else -amount_reporting end as amount_reporting
    from {{ ref('int_cash_recurring') }}

),

undocumented as (

    select
        forecast_date,
        'recurring' as tier,
        'usual_business' as document_type,
        'receipts' as document_id,
        week_to_date as expected_date,
        inflow_reporting as amount_reporting
    from {{ ref('int_cash_undocumented') }}
    union all
    select
        forecast_date,
        'recurring' as tier,
        'usual_business' as document_type,
        'payments' as document_id,
        week_to_date as expected_date,
        -outflow_reporting as amount_reporting
    from {{ ref('int_cash_undocumented') }}

),

united as (

    select * from dated
    union all
    select * from recurring
    union all
    select * from undocumented

)

select
    forecast_date,
    tier,
    document_type,
    document_id,
    expected_date,
    {{ weeks_ahead('forecast_date', 'expected_date') }} as horizon,
    case when amount_reporting > 0 then 'in' else 'out' end as direction,
    cast(amount_reporting as decimal(18, 2)) as amount_reporting
from united
where amount_reporting <> 0
