-- A deal in a stage the CRM does not name is in the stage 'unmapped', with its amount: map the stage.

{{ config(severity='warn') }}

select
    deal_id,
    amount,
    currency_code
from {{ ref('fct_deal') }}
where stage_id = 'unmapped'
