-- One row per deal, as it stood at the end of the as-of day.

with as_of as (

    select * from {{ ref('int_deals_as_of') }}

),

deals as (

    select * from {{ ref('int_deals') }}

),

present_stages as (

    select *
    from {{ ref('int_deal_stages_entered') }}
    where left_at is null

),

closes_moved as (

    select * from {{ ref('int_deal_closes_moved') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

patience as (

    select * from {{ ref('deal_patience') }}

),

dated as (

    select
        deals.deal_id,
        deals.deal_name,
        deals.customer_id,
        deals.segment,
        present_stages.stage_id,
        present_stages.crm_stage_id,
        as_of.owner_id,
        as_of.deal_amount as amount,
        deals.currency_code,
        deals.created_date,
        closes_moved.first_expected_close_date,
        as_of.expected_close_date,
        case when present_stages.is_closed then present_stages.entered_date end as closed_date,
        -- The day whose rate values the deal, and up to which its age counts.
        case
            when present_stages.is_closed then present_stages.entered_date
            else {{ as_of_date() }}
        end as valued_date,
        present_stages.entered_date as stage_entered_date,
        as_of.last_changed_date,
        not present_stages.is_closed as is_open,
        present_stages.is_won,
        present_stages.is_lost,
        coalesce(closes_moved.push_count, 0) as push_count

    from as_of
    inner join deals
        on as_of.deal_id = deals.deal_id
    inner join present_stages
        on as_of.deal_id = present_stages.deal_id
    left join closes_moved
        on as_of.deal_id = closes_moved.deal_id

)

select
    dated.deal_id,
    dated.deal_name,
    dated.customer_id,
    dated.segment,
    dated.stage_id,
    dated.crm_stage_id,
    dated.owner_id,
    dated.amount,
    dated.currency_code,
    {{ divide_money('dated.amount', 'rates.units_per_reporting') }} as amount_reporting,
    dated.created_date,
    dated.first_expected_close_date,
    dated.expected_close_date,
    dated.closed_date,
    dated.last_changed_date,
    dated.is_open,
    dated.is_won,
    dated.is_lost,
    cast({{ days_between('dated.created_date', 'dated.valued_date') }} as bigint) as age_days,
    case
        when dated.is_open
            then cast({{ days_between('dated.stage_entered_date', 'dated.valued_date') }} as bigint)
    end as days_in_stage,
    dated.push_count,
    cast({{ days_between(
        'dated.first_expected_close_date', 'coalesce(dated.closed_date, dated.expected_close_date)'
    ) }} as bigint) as slipped_days,
    coalesce(
        dated.is_open
        and (
            {{ days_between('dated.last_changed_date', 'dated.valued_date') }}
            > patience.max_quiet_days
            or {{ days_between('dated.expected_close_date', 'dated.valued_date') }}
            > patience.max_overdue_days
        ),
        false
    ) as is_stale
from dated
left join rates
    on
        dated.currency_code = rates.currency_code
        and dated.valued_date >= rates.valid_from_date
        and dated.valued_date < rates.valid_to_date
left join patience
    on dated.segment = patience.segment
