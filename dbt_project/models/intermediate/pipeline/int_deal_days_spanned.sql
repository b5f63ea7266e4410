-- One row per deal, property and span of business days [from, to) at whose ends it had one value.

with changes as (

    select * from {{ ref('int_deal_changes') }}

),

-- Several changes in one day: the day ends with the last.
day_ends as (

    select *
    from changes
    qualify row_number() over (
        partition by deal_id, property, changed_date order by change_number desc
    ) = 1

)

select
    deal_id,
    property,
    value_text,
    amount,
    expected_close_date,
    changed_date as valid_from_date,
    coalesce(
        lead(changed_date) over (partition by deal_id, property order by changed_date), {{ open_end() }}
    ) as valid_to_date
from day_ends
