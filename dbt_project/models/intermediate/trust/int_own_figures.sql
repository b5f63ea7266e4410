-- One row per check and subject: the figure that our models give for what a source's report states.

with moves as (

    select * from {{ ref('int_stock_moves_placed') }}
    where is_storable

),

open_items as (

    select
        'receivables' as check_name,
        partner_id,
        company_id,
        open_amount_company
    from {{ ref('fct_receivable_span') }}
    where valid_to_date = {{ open_end() }}
    union all
    select
        'payables' as check_name,
        partner_id,
        company_id,
        open_amount_company
    from {{ ref('fct_payable_span') }}
    where valid_to_date = {{ open_end() }}

),

cash_days as (

    select
        {{ subject_account("account_id || ' ' || currency_code", 'day') }} as subject,
        closing,
        bank_closing,
        lag(closing) over (partition by account_id, currency_code order by day) as closing_before
    from {{ ref('fct_cash_daily') }}

),

united as (

    select
        'stock_units' as check_name,
        {{ subject_place('product_id', 'to_location_id') }} as subject,
        moved_units as figure
    from moves
    where to_place = 'own'
    union all
    select
        'stock_units' as check_name,
        {{ subject_place('product_id', 'from_location_id') }} as subject,
        -moved_units as figure
    from moves
    where from_place = 'own'
    union all
    select
        'stock_value' as check_name,
        {{ subject_product('product_id', 'company_id') }} as subject,
        value_amount as figure
    from {{ ref('fct_stock_span') }}
    where valid_to_date = {{ open_end() }}
    union all
    select
        check_name,
        {{ subject_partner('partner_id', 'company_id') }} as subject,
        open_amount_company as figure
    from open_items
    union all
    select
        'revenue' as check_name,
        {{ subject_month('month_start_date', 'company_id') }} as subject,
        amount as figure
    from {{ ref('int_revenue') }}
    union all
    select
        'deals' as check_name,
        {{ subject_stage('crm_stage_id') }} as subject,
        1 as figure
    from {{ ref('int_deals') }}
    union all
    select
        'bank_closing' as check_name,
        subject,
        closing as figure
    from cash_days
    where bank_closing is not null
    union all
    select
        'bank_opening' as check_name,
        cash_days.subject,
        cash_days.closing_before as figure
    from cash_days
    inner join {{ ref('int_reported_figures') }} as stated
        on
            cash_days.subject = stated.subject
            and stated.check_name = 'bank_opening'

)

select
    check_name,
    subject,
    cast(sum(figure) as decimal(28, 4)) as figure
from united
group by check_name, subject
