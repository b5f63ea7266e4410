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
        {%- for fifth in range(1, 6) %}
        own.late_{{ fifth }} as own_{{ fifth }},
        coalesce(late.late_{{ fifth }}, everyone.late_{{ fifth }}, 0) as all_{{ fifth }}{{ ',' if not loop.last }}
        {%- endfor %}
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
        late_fifth,
        paid_ratio,
        pays_on_day,
        {%- for fifth in range(1, 6) %}
        case when is_own then own_{{ fifth }} else all_{{ fifth }} end as late_{{ fifth }}{{ ',' if not loop.last }}
        {%- endfor %}
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

fifths as (

    select
        matched.*,
        greatest(
            {{ days_later('matched.due_date', 'case coalesce(matched.late_fifth, numbers.fifth)
                when 1 then matched.late_1
                when 2 then matched.late_2
                when 3 then matched.late_3
                when 4 then matched.late_4
                else matched.late_5
            end') }},
            {{ days_after('matched.invoiced_date', 1) }}
        ) as nominal_date
    from matched
    cross join (select {{ number_rows(1, 5) }} as fifth) as numbers
    where
        matched.pays_on_day is null
        and (matched.late_fifth is null or numbers.fifth = 1)

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
            when late_fifth is not null or invoiced_date >= forecast_date then case when late_fifth is null then 5 else 1 end
            else
                {% for fifth in range(1, 6) %}
                case when {{ days_later('due_date', 'late_' ~ fifth) }} > forecast_date then 1 else 0 end
                {{- ' +' if not loop.last }}
                {% endfor %}
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
