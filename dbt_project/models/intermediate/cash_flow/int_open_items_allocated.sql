-- One row per item open on the business date and line of its document: the line's share of what is open.

with spans as (

    select * from {{ ref('int_open_item_spans') }}
    where
        valid_from_date <= {{ as_of_date() }}
        and valid_to_date > {{ as_of_date() }}

),

rates as (

    select * from {{ ref('fct_fx_rate_daily') }}
    where day = {{ as_of_date() }}

),

lines as (

    select
        invoice_id as move_id,
        invoice_line_id as move_line_id,
        product_id,
        balance_amount
    from {{ ref('int_invoice_lines') }}
    where balance_amount <> 0

),

running as (

    select
        *,
        cast(sum(balance_amount) over (partition by move_id) as decimal(18, 2)) as document_amount,
        cast(sum(balance_amount) over (
            partition by move_id order by move_line_id rows between unbounded preceding and current row
        ) as decimal(18, 2)) as amount_to_here
    from lines

),

open_items as (

    select
        spans.item_id,
        spans.ledger_side,
        spans.move_id,
        spans.partner_id,
        {{ divide_money('spans.open_amount_company', 'rates.units_per_reporting') }} as open_amount_reporting
    from spans
    left join rates on spans.company_currency_code = rates.currency_code

),

shared as (

    select
        open_items.item_id,
        open_items.ledger_side,
        open_items.partner_id,
        running.product_id,
        -- The difference of two rounded running shares: the lines add up to what is open, to the cent.
        case
            when running.move_id is null then open_items.open_amount_reporting
            else
                {{ divide_money(
                    'open_items.open_amount_reporting * running.amount_to_here', 'running.document_amount'
                ) }}
                - {{ divide_money(
                    'open_items.open_amount_reporting * (running.amount_to_here - running.balance_amount)',
                    'running.document_amount'
                ) }}
        end as amount_reporting
    from open_items
    -- Money not matched yet is on no invoice, and about no product.
    left join running
        on
            open_items.move_id = running.move_id
            and running.document_amount <> 0

)

select
    item_id,
    ledger_side,
    partner_id,
    product_id,
    cast(sum(amount_reporting) as decimal(18, 2)) as amount_reporting
from shared
group by item_id, ledger_side, partner_id, product_id
