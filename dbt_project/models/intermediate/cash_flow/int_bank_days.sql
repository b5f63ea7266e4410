-- One row per calendar day of the forecast's reach, with the bank day on or after it, and the one on or before.

with days as (

    select
        day,
        case when is_business_day_target then day end as bank_day
    from {{ ref('dim_date') }}
    -- A month more on both ends: a day at the edge needs its neighbours.
    where
        day >= {{ days_after(as_of_date(), -1300) }}
        and day <= {{ days_after(as_of_date(), 400) }}

)

select
    day,
    bank_day is not null as is_bank_day,
    min(bank_day) over (order by day rows between current row and unbounded following) as bank_day_after,
    max(bank_day) over (order by day rows between unbounded preceding and current row) as bank_day_before
from days
