-- One row per origin, document and day: the money it is expected to move on that day.

with matched as (

    select * from {{ ref('int_cash_claims_matched') }}

),

bank_days as (

    select * from {{ ref('int_bank_days') }}

),

possible as (

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

months as (

    select
        *,
        {{ month_of('earliest_date') }} as month_start,
        cast({{ month_of('earliest_date') }} + interval '1' month as date) as next_month_start
    from possible

),

paydays as (

    -- Who pays on the 31st pays on the last day of a shorter month.
    select
        *,
        least({{ days_later('month_start', 'pays_on_day - 1') }}, last_day(month_start)) as payday,
        least({{ days_later('next_month_start', 'pays_on_day - 1') }}, last_day(next_month_start)) as next_payday
    from months

),

once_a_month as (

    select
        *,
        1 as chances,
        case when payday >= earliest_date then payday else next_payday end as nominal_date
    from paydays

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
    cast(round(sum(cast({{ round_double("
        cast(united.amount_reporting as double) * cast(united.weight as double) * cast(united.paid_ratio as double)
        / united.chances", 6) }} as decimal(28, 6))), 2) as decimal(18, 2)) as amount_reporting

from united
inner join bank_days on united.nominal_date = bank_days.day
where united.nominal_date <= {{ days_after('united.forecast_date', 91) }}
group by
    united.forecast_date, united.tier, united.document_type, united.document_id, bank_days.bank_day_after
having bank_days.bank_day_after <= {{ days_after('united.forecast_date', 91) }}
