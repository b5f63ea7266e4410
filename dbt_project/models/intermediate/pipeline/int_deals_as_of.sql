-- One row per deal that existed at the end of the as-of day, with the values it had then.

with spans as (

    select * from {{ ref('int_deal_days_spanned') }}

),

at_day_end as (

    select *
    from spans
    where
        valid_from_date <= {{ as_of_date() }}
        and valid_to_date > {{ as_of_date() }}

)

select
    deal_id,
    cast(max(case when property = 'amount' then amount end) as decimal(18, 2)) as deal_amount,
    max(case when property = 'expected_close' then expected_close_date end) as expected_close_date,
    max(case when property = 'owner' then value_text end) as owner_id,
    -- A new owner is no progress.
    max(case when property <> 'owner' then valid_from_date end) as last_changed_date
from at_day_end
group by deal_id
-- A deal is there from the day it entered its first stage.
having count(case when property = 'stage' then 1 end) = 1
