-- One row per origin, document and day: the money it is expected to move on that day.

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

bank_days as (

    select * from {{ ref('int_bank_days') }}

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

),

matched as (

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

),

months as (

    select
        *,
        greatest(
            {{ days_later('due_date', 'late_1') }},
            {{ days_after('forecast_date', 1) }},
            {{ days_after('invoiced_date', 1) }}
        ) as earliest_date
    from matched
    where pays_on_day is not null

),

once_a_month as (

    select
        *,
        1 as chances,
        case
            when {{ days_later(month_of('earliest_date'), 'pays_on_day - 1') }} >= earliest_date
                then {{ days_later(month_of('earliest_date'), 'pays_on_day - 1') }}
            else {{ days_later(
                "cast(" ~ month_of('earliest_date') ~ " + interval '1' month as date)", 'pays_on_day - 1'
            ) }}
        end as nominal_date
    from months

),

numbers as (

    select {{ number_rows(1, 5) }} as fifth

),

fifths as (

    select
        matched.*,
        greatest(
            {{ days_later('matched.due_date', 'case numbers.fifth
                when 1 then matched.late_1
                when 2 then matched.late_2
                when 3 then matched.late_3
                when 4 then matched.late_4
                else matched.late_5
            end') }},
            {{ days_after('matched.invoiced_date', 1) }}
        ) as nominal_date
    from matched
    cross join numbers
    where matched.pays_on_day is null

),

spread as (

    -- Not paid by now: the days that remain share what is expected. None remains: all who paid were quicker.
    select
        forecast_date,
        tier,
        document_type,
        document_id,
        amount_reporting,
        weight,
        paid_ratio,
        case
            when invoiced_date >= forecast_date then 5
            else
                {{ still_to_come('late_1') }}
                + {{ still_to_come('late_2') }}
                + {{ still_to_come('late_3') }}
                + {{ still_to_come('late_4') }}
                + {{ still_to_come('late_5') }}
        end as chances,
        nominal_date
    from fifths
    where nominal_date > forecast_date

),

united as (

    select
        forecast_date,
        tier,
        document_type,
        document_id,
        amount_reporting,
        weight,
        paid_ratio,
        chances,
        nominal_date
    from once_a_month
    union all
    select * from spread

)

select
    united.forecast_date,
    united.tier,
    united.document_type,
    united.document_id,
    bank_days.bank_day_after as expected_date,
    cast(round(sum(cast(round(
        cast(united.amount_reporting as double) * cast(united.weight as double) * cast(united.paid_ratio as double)
        / united.chances, 6
    ) as decimal(28, 6))), 2) as decimal(18, 2)) as amount_reporting

from united
inner join bank_days on united.nominal_date = bank_days.day
where united.nominal_date <= {{ days_after('united.forecast_date', 91) }}
group by
    united.forecast_date, united.tier, united.document_type, united.document_id, bank_days.bank_day_after
having bank_days.bank_day_after <= {{ days_after('united.forecast_date', 91) }}
