-- One row per check and subject: the figure of the source's own report beside ours; a difference has its reason.

with checks as (

    select * from {{ ref('int_parity_checks') }}

),

own_figures as (

    -- Without any report there is nothing to compare with.
    select own.*
    from {{ ref('int_own_figures') }} as own
    inner join checks on own.check_name = checks.check_name
    where checks.report_read_at is not null

),

gaps as (

    select
        {{ subject_account("account_id || ' ' || currency_code", 'day') }} as subject,
        gap_amount
    from {{ ref('fct_cash_daily') }}
    where has_gap

),

compared as (

    select
        coalesce(reported.check_name, own_figures.check_name) as check_name,
        coalesce(reported.subject, own_figures.subject) as subject,
        -- A group that is not in the report is 0; a stage that is not in it, the CRM does not list.
        case
            when reported.subject is not null then reported.figure
            when own_figures.check_name <> 'deals' then cast(0 as decimal(28, 4))
        end as source_figure,
        coalesce(own_figures.figure, cast(0 as decimal(28, 4))) as our_figure,
        reported.part_count
    from {{ ref('int_reported_figures') }} as reported
    full outer join own_figures
        on
            reported.check_name = own_figures.check_name
            and reported.subject = own_figures.subject

),

differing as (

    select
        *,
        cast(source_figure - our_figure as decimal(28, 4)) as difference
    from compared

),

judged as (

    select
        checks.check_name,
        checks.source,
        differing.subject,
        checks.unit,
        differing.source_figure,
        differing.our_figure,
        differing.difference,
        case
            when differing.difference = 0 then null
            when differing.source_figure is null then 'not listed by the source'
            -- To the cent, unless one of the records does not say what it would add.
            when
                quarantined.quarantined_records > 0
                and differing.difference = coalesce(quarantined.quarantined_figure, differing.difference)
                then 'in quarantine'
            when differing.difference = gaps.gap_amount and checks.check_name = 'bank_opening'
                then 'statements missing'
            -- The ERP rounds what each quant is worth, we the whole.
            when checks.check_name = 'stock_value' and abs(differing.difference) * 200 <= differing.part_count
                then 'rounded by the source'
            when changed.changed_records > 0 then 'changed after the report'
            when checks.is_report_old then 'no report'
            when checks.are_records_old then 'records older than the report'
        end as reason,
        coalesce(changed.changed_records, 0) as changed_records,
        coalesce(quarantined.quarantined_records, 0) as quarantined_records,
        checks.report_read_at,
        checks.report_age_hours
    from differing
    inner join checks on differing.check_name = checks.check_name
    left join {{ ref('int_figures_changed') }} as changed
        on
            differing.check_name = changed.check_name
            and differing.subject = changed.subject
    left join {{ ref('int_figures_quarantined') }} as quarantined
        on
            differing.check_name = quarantined.check_name
            and differing.subject = quarantined.subject
    left join gaps on differing.subject = gaps.subject
    union all
    -- A report that was not read this night, or never: said even where nothing differs.
    select
        check_name,
        source,
        'report' as subject,
        unit,
        null as source_figure,
        null as our_figure,
        null as difference,
        'no report' as reason,
        0 as changed_records,
        0 as quarantined_records,
        report_read_at,
        report_age_hours
    from checks
    where is_report_old

)

select
    check_name,
    source,
    subject,
    unit,
    cast(source_figure as decimal(28, 4)) as source_figure,
    cast(our_figure as decimal(28, 4)) as our_figure,
    cast(difference as decimal(28, 4)) as difference,
    reason,
    cast(changed_records as bigint) as changed_records,
    cast(quarantined_records as bigint) as quarantined_records,
    report_read_at,
    report_age_hours
from judged
