-- Every journal item: what is open after all its matchings is the ERP's own residual, in both currencies.
-- A warning: items and matchings are read minutes apart, so one made in between differs until the next night.
{{ config(severity='warn') }}

with last_spans as (

    select * from {{ ref('int_open_item_spans') }}
    where valid_to_date = {{ open_end() }}

),

items as (

    select * from {{ ref('int_open_items') }}

),

lines as (

    select * from {{ ref('stg_odoo__account_move_line') }}

)

select
    items.item_id,
    items.document_name,
    coalesce(last_spans.open_amount_company, 0) as open_amount_company,
    items.ledger_sign * lines.residual_amount as residual_company
from items
inner join lines on items.item_id = lines.move_line_id
left join last_spans on items.item_id = last_spans.item_id
where
    coalesce(last_spans.open_amount_company, 0) <> items.ledger_sign * lines.residual_amount
    or coalesce(last_spans.open_amount, 0) <> items.ledger_sign * lines.residual_currency_amount
