-- One row per bank entry and part, with the category of the first rule that fits, and the company behind it.

with entries as (

    select * from {{ ref('int_bank_entries') }}

),

rules as (

    select * from {{ ref('bank_category_rules') }}

),

companies as (

    -- Names of companies only, and only where one partner has the name: people are never matched.
    select
        {{ lower_text('trim(partner_name)') }} as match_name,
        min(partner_id) as partner_id
    from {{ ref('stg_odoo__res_partner') }}
    where is_company
    group by {{ lower_text('trim(partner_name)') }}
    having count(*) = 1

),

texted as (

    select
        entries.*,
        -- Spaces around, so that a rule can ask for a whole word.
        {{ lower_text("
            ' ' || coalesce(entries.remittance_text, '')
            || ' ' || coalesce(entries.structured_reference, '')
            || ' ' || coalesce(entries.end_to_end_id, '')
            || ' ' || coalesce(entries.counterparty_name, '') || ' '
        ") }} as match_text
    from entries

),

ruled as (

    select
        texted.*,
        coalesce(rules.category, 'unmapped') as category
    from texted
    left join rules
        on
            (rules.direction = 'any' or (rules.direction = 'in') = (texted.amount > 0))
            and coalesce(texted.bank_code, '') like rules.bank_code_like
            and texted.match_text like {{ lower_text('rules.text_like') }}
    qualify row_number() over (partition by texted.entry_id order by rules.rule_order nulls last) = 1

),

matched as (

    select
        ruled.*,
        companies.partner_id
    from ruled
    left join companies on {{ lower_text('trim(ruled.counterparty_name)') }} = companies.match_name

)

select * from matched
