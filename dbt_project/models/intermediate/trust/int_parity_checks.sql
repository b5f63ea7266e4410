-- One row per parity check: when the report behind it was read, and how far that report can be compared.

{# Per check: source, the stream of its report, the streams our figure is made of, what the figures are in. #}
{% set checks = {
    'stock_units': ('odoo', 'stock_quant_by_location', ['stock_move', 'stock_move_line'], 'units'),
    'stock_value': ('odoo', 'stock_quant_by_location', ['stock_move', 'stock_move_line', 'product_value'], 'money'),
    'receivables':
        ('odoo', 'account_move_line_by_partner', ['account_move_line', 'account_partial_reconcile'], 'money'),
    'payables': ('odoo', 'account_move_line_by_partner', ['account_move_line', 'account_partial_reconcile'], 'money'),
    'revenue': ('odoo', 'account_move_line_by_month', ['account_move_line'], 'money'),
    'deals': ('hubspot', 'deals_by_stage', ['deals'], 'deals'),
    'bank_closing': ('bank', 'statements', ['statements'], 'money'),
    'bank_opening': ('bank', 'statements', ['statements'], 'money'),
} %}

with streams as (

    select
        source,
        stream,
        max(fetched_at) as read_at,
        max(window_end) as window_end
    from {{ ref('int_batches') }}
    group by source, stream

),

known as (

    select max(read_at) as known_at from streams

),

seen as (

    select
        'stock_quant_by_location' as report,
        max(newest_at) as seen_until
    from {{ ref('stg_odoo__stock_quant_by_location') }}
    union all
    select
        'account_move_line_by_partner' as report,
        max(newest_at) as seen_until
    from {{ ref('stg_odoo__account_move_line_by_partner') }}
    union all
    select
        'account_move_line_by_month' as report,
        max(newest_at) as seen_until
    from {{ ref('stg_odoo__account_move_line_by_month') }}
    union all
    select
        'deals_by_stage' as report,
        max(newest_at) as seen_until
    from {{ ref('stg_hubspot__deals_by_stage') }}

),

checks as (

    {% for check, (source_name, report, records, unit) in checks.items() %}
        {% set is_ours = "stream in ('" ~ records | join("', '") ~ "')" %}
        select
            '{{ check }}' as check_name,
            '{{ source_name }}' as source,
            '{{ report }}' as report,
            '{{ unit }}' as unit,
            max(case when stream = '{{ report }}' then read_at end) as report_read_at,
            max(case when stream = '{{ report }}' then window_end end) as report_window_end,
            max(case when {{ is_ours }} then window_end end) as records_window_end,
            min(case when {{ is_ours }} then read_at end) as records_read_at
        from streams
        where source = '{{ source_name }}'
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    checks.check_name,
    checks.source,
    checks.unit,
    checks.report_read_at,
    cast({{ hours_between('checks.report_read_at', 'known.known_at') }} as decimal(18, 2)) as report_age_hours,
    seen.seen_until,
    coalesce(checks.report_window_end < checks.records_window_end, true) as is_report_old,
    coalesce(checks.records_read_at < checks.report_read_at, false) as are_records_old
from checks
cross join known
left join seen on checks.report = seen.report
