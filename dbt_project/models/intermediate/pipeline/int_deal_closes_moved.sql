-- One row per deal that ever had an expected close: the first one, and how often it was moved later.

with changes as (

    select * from {{ ref('int_deal_changes') }}

),

stages_entered as (

    select * from {{ ref('int_deal_stages_entered') }}

),

dates_set as (

    -- Cleared for a while is not moved: the last date that was set counts.
    select
        deal_id,
        changed_at,
        change_number,
        expected_close_date,
        lag(expected_close_date) over (partition by deal_id order by change_number) as previous_close_date

    from changes
    where
        property = 'expected_close'
        and expected_close_date is not null

),

judged as (

    select
        dates_set.deal_id,
        -- The first date has no previous one.
        case
            when dates_set.previous_close_date is null then dates_set.expected_close_date
        end as first_close_date,
        -- On closing a deal the CRM sets the date to that moment: nobody pushed anything.
        dates_set.expected_close_date > dates_set.previous_close_date
        and not coalesce(stages_entered.is_closed, false) as is_push

    from dates_set
    left join stages_entered
        on
            dates_set.deal_id = stages_entered.deal_id
            and dates_set.changed_at >= stages_entered.entered_at
            and (dates_set.changed_at < stages_entered.left_at or stages_entered.left_at is null)

)

select
    deal_id,
    max(first_close_date) as first_expected_close_date,
    cast(sum(case when is_push then 1 else 0 end) as bigint) as push_count
from judged
group by deal_id
