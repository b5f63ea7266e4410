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
        {{ is_same('deals.deal_id', 'pipeline.deal_id') }}
        and {{ is_same('deals.stage_id', 'pipeline.stage_id') }}
        and {{ is_same('deals.owner_id', 'pipeline.owner_id') }}
        and {{ is_same('deals.expected_close_date', 'pipeline.expected_close_date') }}
        and {{ is_same('deals.amount', 'pipeline.amount') }}
        and {{ is_same('deals.amount_reporting', 'pipeline.amount_reporting') }} as is_same

    from deals
    full join pipeline
        on deals.deal_id = pipeline.deal_id

)

select deal_id
from compared
where not is_same
