-- One row per open deal and span of days at whose ends nothing of it changed.

with changes as (

    select * from {{ ref('int_deal_days_spanned') }}

),

deals as (

    select * from {{ ref('int_deals') }}

),

stages as (

    select * from {{ ref('int_deal_stages') }}

),

dated as (

    select
        deal_id,
        valid_from_date,
        max(case when property = 'stage' then valid_from_date end) as stage_date,
        max(case when property = 'owner' then valid_from_date end) as owner_date,
        max(case when property = 'expected_close' then valid_from_date end) as close_date,
        max(case when property = 'amount' then valid_from_date end) as amount_date
    from changes
    where valid_from_date <= {{ as_of_date() }}
    group by deal_id, valid_from_date

),

-- Of each property, the day since which it has had its value.
spans as (

    select
        deal_id,
        valid_from_date,
        coalesce(lead(valid_from_date) over so_far, {{ open_end() }}) as valid_to_date,
        max(stage_date) over so_far as stage_date,
        max(owner_date) over so_far as owner_date,
        max(close_date) over so_far as close_date,
        max(amount_date) over so_far as amount_date
    from dated
    window so_far as (partition by deal_id order by valid_from_date)

)

select
    spans.deal_id,
    spans.valid_from_date,
    spans.valid_to_date,
    -- A stage the CRM does not name counts as open: its money stays in the totals.
    coalesce(stages.stage_id, 'unmapped') as stage_id,
    owner_changes.value_text as owner_id,
    close_changes.expected_close_date,
    amount_changes.amount,
    deals.currency_code,
    stages.win_probability_ratio,
    {{ multiply_money('amount_changes.amount', 'stages.win_probability_ratio') }} as weighted_amount

from spans
inner join deals on spans.deal_id = deals.deal_id
inner join changes as stage_changes
    on
        spans.deal_id = stage_changes.deal_id
        and spans.stage_date = stage_changes.valid_from_date
        and stage_changes.property = 'stage'
left join stages on stage_changes.value_text = stages.stage_id
left join changes as owner_changes
    on
        spans.deal_id = owner_changes.deal_id
        and spans.owner_date = owner_changes.valid_from_date
        and owner_changes.property = 'owner'
left join changes as close_changes
    on
        spans.deal_id = close_changes.deal_id
        and spans.close_date = close_changes.valid_from_date
        and close_changes.property = 'expected_close'
left join changes as amount_changes
    on
        spans.deal_id = amount_changes.deal_id
        and spans.amount_date = amount_changes.valid_from_date
        and amount_changes.property = 'amount'
where not coalesce(stages.is_closed, false)
