-- One row per open item and span of days on which its open amount stood still; none once it is settled.

with items as (

    select * from {{ ref('int_open_items') }}

),

matchings as (

    -- Both sides or none: a matching read before one of its items would move money out of the ledger.
    select matchings.*
    from {{ ref('stg_odoo__account_partial_reconcile') }} as matchings
    inner join items as debits on matchings.debit_move_line_id = debits.item_id
    inner join items as credits on matchings.credit_move_line_id = credits.item_id

),

changes as (

    select
        item_id,
        opened_date as changed_date,
        original_amount as amount_change,
        original_amount_company as company_change
    from items
    union all
    -- A matching takes from the debit side what it gives to the credit side, each in its own currency.
    select
        items.item_id,
        matchings.matched_date as changed_date,
        cast(-items.ledger_sign * matchings.debit_currency_amount as decimal(18, 2)) as amount_change,
        cast(-items.ledger_sign * matchings.company_amount as decimal(18, 2)) as company_change
    from matchings
    inner join items on matchings.debit_move_line_id = items.item_id
    union all
    select
        items.item_id,
        matchings.matched_date as changed_date,
        cast(items.ledger_sign * matchings.credit_currency_amount as decimal(18, 2)) as amount_change,
        cast(items.ledger_sign * matchings.company_amount as decimal(18, 2)) as company_change
    from matchings
    inner join items on matchings.credit_move_line_id = items.item_id

),

per_day as (

    select
        item_id,
        changed_date,
        sum(amount_change) as amount_change,
        sum(company_change) as company_change
    from changes
    group by item_id, changed_date

),

spans as (

    select
        item_id,
        changed_date as valid_from_date,
        lead(changed_date, 1, {{ open_end() }}) over (partition by item_id order by changed_date)
            as valid_to_date,
        cast(sum(amount_change) over (
            partition by item_id order by changed_date rows between unbounded preceding and current row
        ) as decimal(18, 2)) as open_amount,
        cast(sum(company_change) over (
            partition by item_id order by changed_date rows between unbounded preceding and current row
        ) as decimal(18, 2)) as open_amount_company
    from per_day

),

described as (

    select
        items.*,
        spans.valid_from_date,
        spans.valid_to_date,
        spans.open_amount,
        spans.open_amount_company
    from spans
    inner join items on spans.item_id = items.item_id
    where spans.open_amount <> 0 or spans.open_amount_company <> 0

)

select * from described
