-- One row per origin and claim of a document: how late such claims are paid, by whom, and what share of them.

with claims as (

    select * from {{ ref('int_cash_claims_due') }}
    union all
    select * from {{ ref('int_cash_claims_ordered') }}
    union all
    select * from {{ ref('int_cash_claims_planned') }}
    union all
    select * from {{ ref('int_cash_claims_dealt') }}

),

habits as (

    select * from {{ ref('int_payment_habits') }}

),

aged as (

    select
        *,
        {{ late_class(days_between('due_date', 'forecast_date')) }} as late_from_days
    from claims

),

known as (

    select
        aged.*,
        coalesce(late.paid_ratio, everyone.paid_ratio, 1) as paid_ratio,
        own.pays_on_day,
        -- Who is later than he ever was pays as all do who were that late.
        own.late_5 > {{ days_between('aged.due_date', 'aged.forecast_date') }} or own.pays_on_day is not null as is_own,
        own.late_1 as own_1,
        own.late_2 as own_2,
        own.late_3 as own_3,
        own.late_4 as own_4,
        own.late_5 as own_5,
        coalesce(late.late_1, everyone.late_1, 0) as all_1,
        coalesce(late.late_2, everyone.late_2, 0) as all_2,
        coalesce(late.late_3, everyone.late_3, 0) as all_3,
        coalesce(late.late_4, everyone.late_4, 0) as all_4,
        coalesce(late.late_5, everyone.late_5, 0) as all_5
    from aged
    left join habits as everyone
        on
            aged.forecast_date = everyone.forecast_date
            and aged.ledger_side = everyone.ledger_side
            and everyone.payer = 'all'
            and everyone.late_from_days = {{ late_class('-1000') }}
    left join habits as late
        on
            aged.forecast_date = late.forecast_date
            and aged.ledger_side = late.ledger_side
            and aged.late_from_days = late.late_from_days
            and late.payer = 'all'
    left join habits as own
        on
            aged.forecast_date = own.forecast_date
            and aged.ledger_side = own.ledger_side
            and aged.partner_id = own.payer

)

select
    forecast_date,
    tier,
    document_type,
    document_id,
    invoiced_date,
    due_date,
    amount_reporting,
    weight,
    paid_ratio,
    pays_on_day,
    case when is_own then own_1 else all_1 end as late_1,
    case when is_own then own_2 else all_2 end as late_2,
    case when is_own then own_3 else all_3 end as late_3,
    case when is_own then own_4 else all_4 end as late_4,
    case when is_own then own_5 else all_5 end as late_5
from known
