-- One row per deal stage of any CRM, and one for stages none names: 'unmapped', open, no probability.

with crm_stages as (

    select * from {{ ref('stg_hubspot__deal_stages') }}

),

named as (

    select
        stage_id,
        stage_name,
        pipeline_id,
        pipeline_name,
        display_order as stage_order,
        win_probability_ratio,
        is_closed,
        is_closed and win_probability_ratio = 1 as is_won,
        is_closed and win_probability_ratio < 1 as is_lost,
        is_active

    from crm_stages
    where stage_id <> 'unmapped'

),

unmapped as (

    select
        'unmapped' as stage_id,
        'Unmapped' as stage_name,
        cast(null as string) as pipeline_id,
        cast(null as string) as pipeline_name,
        cast(null as integer) as stage_order,
        cast(null as decimal(5, 4)) as win_probability_ratio,
        false as is_closed,
        false as is_won,
        false as is_lost,
        true as is_active

)

select * from named
union all
select * from unmapped
