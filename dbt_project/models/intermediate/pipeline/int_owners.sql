-- One row per person who owns or owned a deal, the ones the CRM no longer lists included.

with owners as (

    select * from {{ ref('stg_hubspot__owners') }}

),

changes as (

    select * from {{ ref('int_deal_changes') }}

),

mentioned as (

    select distinct value_text as owner_id
    from changes
    where
        property = 'owner'
        and value_text is not null

)

select
    coalesce(owners.owner_id, mentioned.owner_id) as owner_id,
    nullif(trim(coalesce(owners.first_name, '') || ' ' || coalesce(owners.last_name, '')), '') as owner_name,
    coalesce(owners.is_active, false) as is_active
from owners
full join mentioned
    on owners.owner_id = mentioned.owner_id
