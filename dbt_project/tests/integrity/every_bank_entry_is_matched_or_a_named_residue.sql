-- Every entry that counts: what is matched, proposed and left adds up to it, and what no rule is sure of has a name.
with matches as (

    select
        entry_id,
        sum(amount) as amount,
        sum(case when is_automatic = (residue is not null) then 1 else 0 end) as nameless
    from {{ ref('fct_payment_match') }}
    group by entry_id

)

select
    entries.entry_id,
    entries.amount,
    matches.amount as amount_explained,
    matches.nameless
from {{ ref('fct_bank_entry') }} as entries
full outer join matches on entries.entry_id = matches.entry_id
where
    (entries.is_leaf and entries.amount <> coalesce(matches.amount, 0))
    or (not entries.is_leaf and matches.entry_id is not null)
    or entries.entry_id is null
    or matches.nameless > 0
