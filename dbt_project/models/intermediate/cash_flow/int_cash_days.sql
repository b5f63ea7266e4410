-- One row per day, bank account, category and direction of cash that came in or went out; own transfers are neither.

with entries as (

    select * from {{ ref('fct_bank_entry') }}
    where is_leaf

),

categories as (

    select * from {{ ref('bank_categories') }}

)

select
    entries.balance_date as day,
    entries.account_id,
    entries.currency_code,
    entries.category,
    coalesce(categories.forecast_by, 'documents') as forecast_by,
    case when entries.amount > 0 then 'in' else 'out' end as direction,
    cast(sum(abs(entries.amount_reporting)) as decimal(18, 2)) as amount_reporting

from entries
left join categories on entries.category = categories.category
where
    entries.balance_date <= {{ as_of_date() }}
    and coalesce(categories.activity, 'unmapped') <> 'internal'
    and entries.amount_reporting is not null
group by
    entries.balance_date,
    entries.account_id,
    entries.currency_code,
    entries.category,
    coalesce(categories.forecast_by, 'documents'),
    case when entries.amount > 0 then 'in' else 'out' end
