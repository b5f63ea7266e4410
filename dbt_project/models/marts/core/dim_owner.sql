-- One row per person who owns or owned a deal.

with owners as (

    select * from {{ ref('int_owners') }}

)

select
    owner_id,
    owner_name,
    is_active
from owners
