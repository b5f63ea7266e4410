-- Every usable deal that had entered a stage by the end of the as-of day is in fct_deal, and nothing else is.

with usable as (

    select * from {{ ref('stg_hubspot__deals') }}

),

changes as (

    select * from {{ ref('stg_hubspot__deal_changes') }}

),

begun as (

    select
        usable.deal_id,
        coalesce(min(changes.changed_at), min(usable.created_at)) as began_at

    from usable
    left join changes
        on
            usable.deal_id = changes.deal_id
            and changes.property = 'stage'
    group by usable.deal_id

),

published as (

    select deal_id from {{ ref('fct_deal') }}

)

select
    begun.deal_id as deal_that_should_be,
    published.deal_id as deal_that_is
from (
    select deal_id from begun
    where began_at < {{ end_of_business_date(as_of_date()) }}
) as begun
full join published
    on begun.deal_id = published.deal_id
where
    begun.deal_id is null
    or published.deal_id is null
