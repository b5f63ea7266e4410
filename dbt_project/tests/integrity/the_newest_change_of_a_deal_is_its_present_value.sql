-- What a deal's history ends with is what the deal says: else the past the marts tell is not its own.

with deals as (

    select * from {{ ref('stg_hubspot__deals') }}

),

newest_changes as (

    select *
    from {{ ref('stg_hubspot__deal_changes') }}
    qualify row_number() over (partition by deal_id, property order by changed_at desc, recency asc) = 1

)

select
    deals.deal_id,
    newest_changes.property,
    newest_changes.value_text
from newest_changes
inner join deals
    on newest_changes.deal_id = deals.deal_id
where
    (newest_changes.property = 'stage' and newest_changes.value_text is distinct from deals.stage_id)
    or (newest_changes.property = 'owner' and newest_changes.value_text is distinct from deals.owner_id)
    or (newest_changes.property = 'amount' and newest_changes.amount is distinct from deals.deal_amount)
    or (
        newest_changes.property = 'expected_close'
        and newest_changes.expected_close_date is distinct from deals.expected_close_date
    )
