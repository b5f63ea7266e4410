-- One row per origin, ledger side and payer with enough settled items, and per lateness for all payers together.

{#- Fewer settled items than this tell nothing of how a partner pays. -#}
{% set fewest_items = 5 %}
{% set days_back = 365 %}

with origins as (

    select * from {{ ref('int_forecast_origins') }}

),

given_up as (

    select * from {{ ref('int_items_given_up') }}

),

monthly as (

    select * from {{ ref('int_monthly_payers') }}

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
    monthly.pays_on_day,
    -- Of those that became so late, how many paid at last.
    case
        when measured.payer = 'all'
            then cast({{ round_double("
                cast(measured.items as double) / (measured.items + coalesce(given_up.items, 0))
            ", 4) }} as decimal(5, 4))
    end as paid_ratio

from measured
left join given_up
    on
        measured.forecast_date = given_up.forecast_date
        and measured.ledger_side = given_up.ledger_side
left join monthly
    on
        measured.forecast_date = monthly.forecast_date
        and measured.ledger_side = monthly.ledger_side
        and measured.payer = monthly.payer
