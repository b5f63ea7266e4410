-- One row per tenth of promised probability: how many two-day promises were made, and how many were kept.

with promises as (

    -- Whether a supplier who was not asked would have come in time, nobody knows.
    select
        cast(round(p_two_days, 1) as decimal(2, 1)) as promised_tenth,
        p_two_days,
        case when is_kept then 1 else 0 end as kept
    from {{ ref('int_two_day_promises') }}
    where
        is_kept is not null
        and p_two_days is not null
        and not is_quickly_bought

)

select
    promised_tenth,
    cast(count(*) as bigint) as promises,
    cast(sum(kept) as bigint) as kept_promises,
    {{ ratio('sum(p_two_days)', 'count(*)') }} as promised_ratio,
    {{ ratio('sum(kept)', 'count(*)') }} as kept_ratio
from promises
group by promised_tenth
