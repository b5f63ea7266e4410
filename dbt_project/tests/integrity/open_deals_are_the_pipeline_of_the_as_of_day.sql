-- fct_deal and fct_pipeline_daily tell the same deals, stages and money on the as-of day, to the cent.

with deals as (

    select
        deal_id,
        stage_id,
        owner_id,
        expected_close_date,
        amount,
        amount_reporting

    from {{ ref('fct_deal') }}
    where is_open

),

pipeline as (

    select
        deal_id,
        stage_id,
        owner_id,
        expected_close_date,
        amount,
        amount_reporting

    from {{ ref('fct_pipeline_daily') }}
    where day = {{ as_of_date() }}

),

compared as (

    select
        coalesce(deals.deal_id, pipeline.deal_id) as deal_id,
        deals.deal_id is not distinct from pipeline.deal_id
        and deals.stage_id is not distinct from pipeline.stage_id
        and deals.owner_id is not distinct from pipeline.owner_id
        and deals.expected_close_date is not distinct from pipeline.expected_close_date
        and deals.amount is not distinct from pipeline.amount
        and deals.amount_reporting is not distinct from pipeline.amount_reporting as is_same

    from deals
    full join pipeline
        on deals.deal_id = pipeline.deal_id

)

select deal_id
from compared
where not is_same
