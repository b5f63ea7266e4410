-- One row per open deal and day, as the deal stood at the end of that day in the company's time zone.

with spans as (

    select * from {{ ref('int_deal_days_spanned') }}

),

deals as (

    select * from {{ ref('int_deals') }}

),

stages as (

    select * from {{ ref('int_deal_stages') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

open_spans as (

    -- A stage the CRM does not name counts as open: its money stays in the totals.
    select
        spans.deal_id,
        spans.valid_from_date,
        spans.valid_to_date,
        coalesce(stages.stage_id, 'unmapped') as stage_id,
        stages.win_probability_ratio

    from spans
    left join stages
        on spans.value_text = stages.stage_id
    where
        spans.property = 'stage'
        and not coalesce(stages.is_closed, false)

),

open_days as (

    select
        deal_id,
        stage_id,
        win_probability_ratio,
        {{ date_rows(
            'valid_from_date', 'least(cast(valid_to_date - interval 1 day as date), ' ~ as_of_date() ~ ')'
        ) }} as day

    from open_spans

),

as_it_stood as (

    select
        open_days.day,
        open_days.deal_id,
        open_days.stage_id,
        open_days.win_probability_ratio,
        owners.value_text as owner_id,
        closes.expected_close_date,
        amounts.amount,
        deals.currency_code,
        {{ divide_money('amounts.amount', 'rates.units_per_reporting') }} as amount_reporting

    from open_days
    inner join deals
        on open_days.deal_id = deals.deal_id
    left join spans as amounts
        on
            open_days.deal_id = amounts.deal_id
            and amounts.property = 'amount'
            and open_days.day >= amounts.valid_from_date
            and open_days.day < amounts.valid_to_date
    left join spans as closes
        on
            open_days.deal_id = closes.deal_id
            and closes.property = 'expected_close'
            and open_days.day >= closes.valid_from_date
            and open_days.day < closes.valid_to_date
    left join spans as owners
        on
            open_days.deal_id = owners.deal_id
            and owners.property = 'owner'
            and open_days.day >= owners.valid_from_date
            and open_days.day < owners.valid_to_date
    left join rates
        on
            deals.currency_code = rates.currency_code
            and open_days.day >= rates.valid_from_date
            and open_days.day < rates.valid_to_date

)

select
    day,
    deal_id,
    stage_id,
    owner_id,
    expected_close_date,
    amount,
    currency_code,
    amount_reporting,
    win_probability_ratio,
    {{ multiply_money('amount', 'win_probability_ratio') }} as weighted_amount,
    {{ multiply_money('amount_reporting', 'win_probability_ratio') }} as weighted_amount_reporting
from as_it_stood
