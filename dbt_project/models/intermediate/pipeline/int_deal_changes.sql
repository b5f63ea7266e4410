-- One row per deal, property and real change of its value, in order, up to the end of the as-of day.

with deals as (

    select * from {{ ref('int_deals') }}

),

changes as (

    select * from {{ ref('stg_hubspot__deal_changes') }}

),

properties as (

    select 'stage' as property
    union all
    select 'amount' as property
    union all
    select 'expected_close' as property
    union all
    select 'owner' as property

),

unrecorded as (

    -- A property the CRM keeps no history of has had its present value since the deal was made.
    select
        deals.deal_id,
        properties.property,
        1 as recency,
        deals.created_at as changed_at,
        case properties.property
            when 'stage' then deals.crm_stage_id
            when 'amount' then cast(deals.deal_amount as string)
            when 'expected_close' then cast(deals.expected_close_date as string)
            when 'owner' then deals.owner_id
        end as value_text,
        case when properties.property = 'amount' then deals.deal_amount end as amount,
        case
            when properties.property = 'expected_close' then deals.expected_close_date
        end as expected_close_date

    from deals
    cross join properties
    left join changes
        on
            deals.deal_id = changes.deal_id
            and properties.property = changes.property
    where changes.deal_id is null

),

combined as (

    select
        changes.deal_id,
        changes.property,
        changes.recency,
        changes.changed_at,
        changes.value_text,
        changes.amount,
        changes.expected_close_date

    from changes
    inner join deals
        on changes.deal_id = deals.deal_id

    union all

    select * from unrecorded

),

-- What compares: 10, 10.0 and 10.00 are one amount, two times of one day one close date.
comparable as (

    select
        *,
        case
            when property = 'amount' then cast(amount as string)
            when property = 'expected_close' then cast(expected_close_date as string)
            else value_text
        end as compared

    from combined
    where changed_at < {{ end_of_business_date(as_of_date()) }}

),

numbered as (

    select
        *,
        row_number() over change_order as change_number,
        lag(compared) over change_order as compared_before

    from comparable
    window change_order as (partition by deal_id, property order by changed_at asc, recency desc)

)

select
    deal_id,
    property,
    changed_at,
    {{ business_date('changed_at') }} as changed_date,
    value_text,
    amount,
    expected_close_date,
    cast(row_number() over (partition by deal_id, property order by change_number) as bigint) as change_number
from numbered
where
    change_number = 1
    or compared is distinct from compared_before
