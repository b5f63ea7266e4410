-- One row per deal that ever had an expected close: the first one, and how often it was moved later.

with changes as (

    select * from {{ ref('int_deal_changes') }}

),

stages_entered as (

    select * from {{ ref('int_deal_stages_entered') }}

),

expected as (

    -- Only an open deal is expected to close: on closing, the CRM sets the date to that moment.
    -- Cleared for a while is not moved: the last date that was set counts.
    select
        changes.deal_id,
        changes.expected_close_date,
        lag(changes.expected_close_date) over (
            partition by changes.deal_id order by changes.change_number
        ) as previous_close_date

    from changes
    left join stages_entered
        on
            changes.deal_id = stages_entered.deal_id
            and changes.changed_at >= stages_entered.entered_at
            and changes.changed_at < coalesce(stages_entered.left_at, cast({{ open_end() }} as timestamp))
    where
        changes.property = 'expected_close'
        and changes.expected_close_date is not null
        and not coalesce(stages_entered.is_closed, false)

)

select
    deal_id,
    max(case when previous_close_date is null then expected_close_date end) as first_expected_close_date,
    cast(count(case when expected_close_date > previous_close_date then 1 end) as bigint) as push_count
from expected
group by deal_id
