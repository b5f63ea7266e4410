-- One row per check and subject with records in quarantine: what they would add to our figure.

with stock_lines as (

    select
        move_lines.company_id,
        move_lines.product_id,
        move_lines.from_location_id,
        move_lines.to_location_id,
        coalesce(move_lines.erp_base_units, move_lines.moved_units) as units,
        -- At any other cost method the worth of one move hangs on those before it.
        case products.cost_method when 'standard' then products.standard_price end as unit_price
    from {{ ref('base_odoo__stock_move_line') }} as move_lines
    left join {{ ref('int_products') }} as products on move_lines.product_id = products.product_id
    where not move_lines.is_deleted and move_lines.quarantine_reason is not null and move_lines.line_state = 'done'

),

stock_ends as (

    select
        company_id,
        product_id,
        to_location_id as location_id,
        units,
        unit_price
    from stock_lines
    union all
    select
        company_id,
        product_id,
        from_location_id as location_id,
        -units as units,
        unit_price
    from stock_lines

),

other_locations as (

    select location_id from {{ ref('int_locations_placed') }}
    where not is_owned

),

owned_ends as (

    select * from stock_ends
    where location_id not in (select other_locations.location_id from other_locations)

),

documents as (

    select * from {{ ref('base_odoo__account_move') }}
    where not is_deleted

),

ledger_lines as (

    select
        {{ ledger_check('ledger_accounts.account_type') }} as check_name,
        items.company_id,
        items.accounting_date,
        items.residual_amount,
        items.balance_amount,
        items.quarantine_reason,
        documents.quarantine_reason as document_reason,
        coalesce(documents.commercial_partner_id, items.partner_id) as partner_id
    from {{ ref('base_odoo__account_move_line') }} as items
    inner join {{ ref('stg_odoo__account_account') }} as ledger_accounts
        on items.account_id = ledger_accounts.account_id
    left join documents on items.move_id = documents.record_key
    where not items.is_deleted and items.move_state = 'posted'

),

matched_items as (

    select
        items.ledger_side,
        items.ledger_sign,
        items.partner_id,
        items.company_id,
        matchings.company_amount as matched_amount,
        items.item_id = matchings.debit_move_line_id as is_debit
    from {{ ref('base_odoo__account_partial_reconcile') }} as matchings
    inner join {{ ref('int_open_items') }} as items
        on items.item_id in (matchings.debit_move_line_id, matchings.credit_move_line_id)
    where not matchings.is_deleted and matchings.quarantine_reason is not null

),

united as (

    select
        'stock_units' as check_name,
        {{ subject_place('product_id', 'location_id') }} as subject,
        units as figure
    from owned_ends
    union all
    select
        'stock_value' as check_name,
        {{ subject_product('product_id', 'company_id') }} as subject,
        cast(round(units * unit_price, 2) as decimal(18, 2)) as figure
    from owned_ends
    union all
    select
        check_name,
        {{ subject_month('accounting_date', 'company_id') }} as subject,
        -balance_amount as figure
    from ledger_lines
    where check_name = 'revenue' and quarantine_reason is not null
    union all
    -- Nothing of a document in quarantine is an open item.
    select
        check_name,
        {{ subject_partner('partner_id', 'company_id') }} as subject,
        case check_name when 'receivables' then residual_amount else -residual_amount end as figure
    from ledger_lines
    where
        check_name in ('receivables', 'payables')
        and coalesce(quarantine_reason, document_reason) is not null
    union all
    select
        matched_items.ledger_side || 's' as check_name,
        {{ subject_partner('partner_id', 'company_id') }} as subject,
        case when is_debit then -ledger_sign * matched_amount else ledger_sign * matched_amount end as figure
    from matched_items
    union all
    select
        'deals' as check_name,
        {{ subject_stage('stage_id') }} as subject,
        1 as figure
    from {{ ref('base_hubspot__deals') }}
    where not is_deleted and quarantine_reason is not null

)

select
    check_name,
    subject,
    cast(count(*) as bigint) as quarantined_records,
    -- Unknown once one of them does not say what it would add.
    cast(case when count(figure) = count(*) then sum(figure) end as decimal(28, 4)) as quarantined_figure
from united
group by check_name, subject
