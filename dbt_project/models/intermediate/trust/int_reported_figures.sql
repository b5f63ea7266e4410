-- One row per check and subject: the figure that the source itself states, in a report of its own.

with quants as (

    select
        reported.*,
        locations.company_id as place_company_id
    from {{ ref('stg_odoo__stock_quant_by_location') }} as reported
    left join {{ ref('int_locations_placed') }} as locations on reported.location_id = locations.location_id
    -- Of a place nobody knows, what lies there is ours until it is known.
    where coalesce(locations.is_owned, true)

),

open_amounts as (

    select
        reported.company_id,
        reported.residual_amount,
        -- On an account nobody knows it is a receivable until it is known: not compared, it would be missed.
        coalesce(ledger_accounts.account_type, 'asset_receivable') as account_type,
        -- The company behind a contact person, as in the open items.
        case
            when partners.is_company then reported.partner_id
            else coalesce(partners.parent_partner_id, reported.partner_id)
        end as partner_id
    from {{ ref('stg_odoo__account_move_line_by_partner') }} as reported
    left join {{ ref('stg_odoo__account_account') }} as ledger_accounts
        on reported.account_id = ledger_accounts.account_id
    left join {{ ref('stg_odoo__res_partner') }} as partners on reported.partner_id = partners.partner_id

),

statements as (

    select * from {{ ref('int_bank_statements') }}

),

last_of_day as (

    -- A bank may close a day several times; the last statement counts, and the first opens the day.
    select * from statements
    qualify row_number() over (
        partition by account_id, currency_code, closing_date order by statement_position desc
    ) = 1

),

first_of_day as (

    select * from statements
    where statement_position > 1
    qualify row_number() over (
        partition by account_id, currency_code, covered_from_date order by statement_position
    ) = 1

),

united as (

    select
        'stock_units' as check_name,
        {{ subject_place('product_id', 'location_id') }} as subject,
        on_hand_units as figure,
        quant_count as part_count
    from quants
    union all
    select
        'stock_value' as check_name,
        {{ subject_product('product_id', 'coalesce(company_id, place_company_id)') }} as subject,
        value_amount as figure,
        quant_count as part_count
    from quants
    union all
    select
        case account_type when 'asset_receivable' then 'receivables' else 'payables' end as check_name,
        {{ subject_partner('partner_id', 'company_id') }} as subject,
        case account_type when 'asset_receivable' then residual_amount else -residual_amount end as figure,
        1 as part_count
    from open_amounts
    union all
    select
        'revenue' as check_name,
        {{ subject_month('month_start_date', 'company_id') }} as subject,
        -balance_amount as figure,
        1 as part_count
    from {{ ref('stg_odoo__account_move_line_by_month') }}
    union all
    select
        'deals' as check_name,
        {{ subject_stage('stage_id') }} as subject,
        deal_count as figure,
        1 as part_count
    from {{ ref('stg_hubspot__deals_by_stage') }}
    union all
    select
        'bank_closing' as check_name,
        {{ subject_account("account_id || ' ' || currency_code", 'closing_date') }} as subject,
        closing_balance as figure,
        1 as part_count
    from last_of_day
    union all
    select
        'bank_opening' as check_name,
        {{ subject_account("account_id || ' ' || currency_code", 'covered_from_date') }} as subject,
        opening_balance as figure,
        1 as part_count
    from first_of_day

)

select
    check_name,
    subject,
    cast(sum(figure) as decimal(28, 4)) as figure,
    cast(sum(part_count) as bigint) as part_count
from united
group by check_name, subject
