-- Every company, account and day: what opens and closes among the open items is what was posted that day.
-- So the open items add up to the ledger's balance at the end of any day.
with items as (

    select * from {{ ref('int_open_items') }}

),

spans as (

    select * from {{ ref('fct_receivable_span') }}
    union all
    select * from {{ ref('fct_payable_span') }}

),

steps as (

    select
        item_id,
        valid_from_date as day,
        open_amount_company as amount
    from spans
    union all
    select
        item_id,
        valid_to_date as day,
        -open_amount_company as amount
    from spans
    where valid_to_date < {{ open_end() }}
    union all
    select
        item_id,
        opened_date as day,
        -original_amount_company as amount
    from items

)

select
    items.company_id,
    items.ledger_side,
    items.account_code,
    steps.day,
    sum(steps.amount) as difference
from steps
inner join items on steps.item_id = items.item_id
group by items.company_id, items.ledger_side, items.account_code, steps.day
having sum(steps.amount) <> 0
