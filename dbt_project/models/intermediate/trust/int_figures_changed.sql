-- One row per check and subject with records changed after the newest change that the report has seen.

with checks as (

    select
        check_name,
        seen_until
    from {{ ref('int_parity_checks') }}

),

stock_lines as (

    select moves.*
    from {{ ref('int_stock_moves_placed') }} as moves
    inner join checks on moves.changed_at > checks.seen_until
    where checks.check_name = 'stock_units'

),

ledger_lines as (

    select
        checks.check_name,
        items.company_id,
        items.accounting_date,
        coalesce(documents.commercial_partner_id, items.partner_id) as partner_id
    from {{ ref('stg_odoo__account_move_line') }} as items
    inner join {{ ref('stg_odoo__account_account') }} as ledger_accounts
        on items.account_id = ledger_accounts.account_id
    inner join checks
        on
            checks.check_name = {{ ledger_check('ledger_accounts.account_type') }}
            and items.changed_at > checks.seen_until
    left join {{ ref('stg_odoo__account_move') }} as documents on items.move_id = documents.move_id
    where items.move_state = 'posted'

),

matched_items as (

    select
        checks.check_name,
        items.partner_id,
        items.company_id
    from {{ ref('stg_odoo__account_partial_reconcile') }} as matchings
    inner join checks on matchings.changed_at > checks.seen_until
    inner join {{ ref('int_open_items') }} as items
        on
            items.item_id in (matchings.debit_move_line_id, matchings.credit_move_line_id)
            and checks.check_name = items.ledger_side || 's'

),

stages_left as (

    -- After midnight too: what the report counts is not of the as-of day, but of the moment it was read.
    select
        value_text as stage_id,
        lead(changed_at) over (partition by deal_id order by changed_at asc, recency desc) as left_at
    from {{ ref('stg_hubspot__deal_changes') }}
    where property = 'stage'

),

touched as (

    select
        'stock_units' as check_name,
        {{ subject_place('product_id', 'to_location_id') }} as subject
    from stock_lines
    union all
    select
        'stock_units' as check_name,
        {{ subject_place('product_id', 'from_location_id') }} as subject
    from stock_lines
    union all
    select
        'stock_value' as check_name,
        {{ subject_product('product_id', 'company_id') }} as subject
    from stock_lines
    union all
    select
        check_name,
        case check_name
            when 'revenue' then {{ subject_month('accounting_date', 'company_id') }}
            else {{ subject_partner('partner_id', 'company_id') }}
        end as subject
    from ledger_lines
    union all
    select
        check_name,
        {{ subject_partner('partner_id', 'company_id') }} as subject
    from matched_items
    union all
    select
        'deals' as check_name,
        {{ subject_stage('deals.stage_id') }} as subject
    from {{ ref('stg_hubspot__deals') }} as deals
    inner join checks on deals.changed_at > checks.seen_until
    where checks.check_name = 'deals'
    union all
    -- A deal that has left a stage since is missing there.
    select
        'deals' as check_name,
        {{ subject_stage('stages_left.stage_id') }} as subject
    from stages_left
    inner join checks on stages_left.left_at > checks.seen_until
    where checks.check_name = 'deals'

)

select
    check_name,
    subject,
    cast(count(*) as bigint) as changed_records
from touched
group by check_name, subject
