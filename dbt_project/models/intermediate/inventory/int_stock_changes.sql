-- One row per product, warehouse and day on which its stock or what is planned for it changed: by how much.

with effects as (

    select * from {{ ref('int_stock_effects') }}

),

plans as (

    select * from {{ ref('int_stock_plans') }}

),

plan_changes as (

    select
        company_id,
        product_id,
        warehouse_id,
        plan_kind,
        from_date as change_date,
        units
    from plans

    union all

    select
        company_id,
        product_id,
        warehouse_id,
        plan_kind,
        to_date as change_date,
        -units as units
    from plans
    where to_date < {{ open_end() }}

),

changes as (

    select
        company_id,
        product_id,
        warehouse_id,
        'on_hand' as change_kind,
        move_date as change_date,
        units
    from effects

    union all

    select
        company_id,
        product_id,
        warehouse_id,
        plan_kind as change_kind,
        change_date,
        units
    from plan_changes

)

select
    company_id,
    product_id,
    warehouse_id,
    change_date,
    cast(coalesce(sum(units) filter (where change_kind = 'on_hand'), 0) as decimal(18, 4)) as on_hand_units,
    cast(coalesce(sum(units) filter (where change_kind = 'incoming'), 0) as decimal(18, 4)) as incoming_units,
    cast(coalesce(sum(units) filter (where change_kind = 'outgoing'), 0) as decimal(18, 4)) as outgoing_units,
    cast(coalesce(sum(units) filter (where change_kind = 'reserved'), 0) as decimal(18, 4)) as reserved_units
from changes
group by company_id, product_id, warehouse_id, change_date
