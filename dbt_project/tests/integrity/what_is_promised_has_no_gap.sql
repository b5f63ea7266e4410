-- A promise of 90 % is one whose cover meets the p90 of the need: the probability and the gap tell one story.

select
    product_id,
    warehouse_id,
    p_two_days,
    cover_units,
    p90_units,
    gap_units
from {{ ref('int_two_day_gaps') }}
where
    p_two_days >= 0.9
    and not is_quickly_bought
    -- Multiples of the expected are rounded to 4 decimals. Where next to nothing is expected there is no p90 to meet.
    and gap_units > 0.0002 * expected_units
    and expected_units >= 0.125
