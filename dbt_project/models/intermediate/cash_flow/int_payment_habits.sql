-- One row per origin, ledger side and payer with enough settled items, and per lateness for all payers together.

{#- Fewer settled items than this tell nothing of how a partner pays. -#}
{% set fewest_items = 5 %}
{% set days_back = 365 %}
{#- Who is not heard of after this long is taken to never pay. -#}
{% set given_up_days = 120 %}

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

paid as (

    select
        lateness.ledger_side,
        lateness.partner_id,
        lateness.settled_date,
        lateness.days_late,
        {{ days_between('lateness.opened_date', 'lateness.due_date') }} as terms_days,
        abs(moves.total_amount) as gross_amount,
        abs(moves.untaxed_amount) as net_amount
    from {{ ref('int_payment_lateness') }} as lateness
    left join {{ ref('stg_odoo__account_move') }} as moves on lateness.move_id = moves.move_id

),

items as (

    select
        origins.forecast_date,
        paid.*
    from origins
    inner join paid
        on
            origins.forecast_date >= paid.settled_date
            and {{ days_after('origins.forecast_date', -days_back) }} < paid.settled_date

),

paydays as (

    select distinct
        ledger_side,
        partner_id,
        settled_date
    from paid

),

once_a_month as (

    -- Pays once a month, always on the same day or the bank day after it: whatever is due goes with it.
    select
        origins.forecast_date,
        paydays.ledger_side,
        paydays.partner_id as payer,
        cast(min(extract(day from paydays.settled_date)) as bigint) as pays_on_day
    from origins
    inner join paydays
        on
            origins.forecast_date >= paydays.settled_date
            and {{ days_after('origins.forecast_date', -days_back) }} < paydays.settled_date
    group by origins.forecast_date, paydays.ledger_side, paydays.partner_id
    having
        count(*) >= 3
        and count(*) = count(distinct {{ month_of('paydays.settled_date') }})
        and max(extract(day from paydays.settled_date)) - min(extract(day from paydays.settled_date)) <= 4

),

forgotten as (

    -- Open for so long that they count as never paid, by how late they have become.
    select
        origins.forecast_date,
        spans.ledger_side,
        cast(count(*) as bigint) as items
    from origins
    inner join {{ ref('int_open_item_spans') }} as spans
        on
            origins.forecast_date >= spans.valid_from_date
            and origins.forecast_date < spans.valid_to_date
            and {{ days_after('origins.forecast_date', -given_up_days) }} > spans.due_date
            and {{ days_after('origins.forecast_date', -given_up_days - days_back) }} < spans.due_date
    where
        spans.document_type in ('out_invoice', 'in_invoice', 'out_receipt', 'in_receipt')
        and spans.open_amount_company > 0
    group by origins.forecast_date, spans.ledger_side

),

classes as (

    select distinct cast({{ late_class('days_late') }} as bigint) as late_from_days
    from items

),

sampled as (

    select
        forecast_date,
        ledger_side,
        partner_id as payer,
        cast({{ late_classes()[-1] }} as bigint) as late_from_days,
        days_late,
        terms_days,
        gross_amount,
        net_amount
    from items
    where partner_id is not null
    union all
    select
        items.forecast_date,
        items.ledger_side,
        'all' as payer,
        classes.late_from_days,
        items.days_late,
        items.terms_days,
        items.gross_amount,
        items.net_amount
    from items
    inner join classes on items.days_late > classes.late_from_days

),

measured as (

    select
        forecast_date,
        ledger_side,
        payer,
        late_from_days,
        cast(count(*) as bigint) as items,
        {{ fifths('days_late', 'late') }},
        {{ percentile('terms_days', 0.5) }} as terms,
        {{ ratio('sum(gross_amount)', 'sum(net_amount)') }} as gross_ratio
    from sampled
    group by forecast_date, ledger_side, payer, late_from_days
    having count(*) >= {{ fewest_items }}

)

select
    measured.forecast_date,
    measured.ledger_side,
    measured.payer,
    measured.late_from_days,
    measured.items,
    cast(round(measured.late_1) as bigint) as late_1,
    cast(round(measured.late_2) as bigint) as late_2,
    cast(round(measured.late_3) as bigint) as late_3,
    cast(round(measured.late_4) as bigint) as late_4,
    cast(round(measured.late_5) as bigint) as late_5,
    cast(round(measured.terms) as bigint) as terms_days,
    coalesce(measured.gross_ratio, 1) as gross_ratio,
    once_a_month.pays_on_day,
    -- Of those that became so late, how many paid at last.
    case
        when measured.payer = 'all'
            then cast(round(
                cast(measured.items as double) / (measured.items + coalesce(forgotten.items, 0)), 4
            ) as decimal(5, 4))
    end as paid_ratio

from measured
left join forgotten
    on
        measured.forecast_date = forgotten.forecast_date
        and measured.ledger_side = forgotten.ledger_side
left join once_a_month
    on
        measured.forecast_date = once_a_month.forecast_date
        and measured.ledger_side = once_a_month.ledger_side
        and measured.payer = once_a_month.payer
