-- Every statement: the entries with is_leaf explain its balances to the cent, batches opened or not.
with entries as (

    select
        statement_id,
        sum(amount) as amount
    from {{ ref('fct_bank_entry') }}
    where is_leaf
    group by statement_id

)

select
    statements.statement_id,
    statements.opening_balance,
    statements.closing_balance,
    entries.amount
from {{ ref('int_bank_statements') }} as statements
left join entries on statements.statement_id = entries.statement_id
where statements.opening_balance + coalesce(entries.amount, 0) <> statements.closing_balance
