-- Movements up to the end of a day, per owner, segment and close month, are the pipeline of that day: to the cent.

with moved as (

    select
        day,
        owner_id,
        segment,
        close_month,
        sum(amount_reporting) as amount
    from {{ ref('fct_pipeline_movement') }}
    group by day, owner_id, segment, close_month

),

-- What stood from the end of one day to that of another: in another currency a worth changes with each rate.
stood as (

    select
        greatest(spans.valid_from_date, coalesce(rates.valid_from_date, spans.valid_from_date)) as from_date,
        least(spans.valid_to_date, coalesce(rates.valid_to_date, spans.valid_to_date)) as to_date,
        coalesce(spans.owner_id, 'none') as owner_id,
        deals.segment,
        {{ month_of('coalesce(spans.expected_close_date, ' ~ open_end() ~ ')') }} as close_month,
        {{ divide_money('spans.amount', 'rates.units_per_reporting') }} as amount
    from {{ ref('fct_pipeline_span') }} as spans
    inner join {{ ref('int_deals') }} as deals on spans.deal_id = deals.deal_id
    left join {{ ref('int_fx_rate_spans') }} as rates
        on
            spans.currency_code = rates.currency_code
            and spans.valid_from_date < rates.valid_to_date
            and spans.valid_to_date > rates.valid_from_date

),

-- The change of a day is what begins to stand at its end less what ends, also where that leaves nothing.
changes as (

    select
        from_date as day,
        owner_id,
        segment,
        close_month,
        coalesce(amount, 0) as amount
    from stood
    union all
    select
        to_date as day,
        owner_id,
        segment,
        close_month,
        -coalesce(amount, 0) as amount
    from stood
    union all
    select
        day,
        owner_id,
        segment,
        close_month,
        -amount as amount
    from moved

)

select
    day,
    owner_id,
    segment,
    close_month,
    sum(amount) as unexplained
from changes
where day <= {{ as_of_date() }}
group by day, owner_id, segment, close_month
having sum(amount) <> 0
