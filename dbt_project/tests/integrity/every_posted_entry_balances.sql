-- Debit is credit in every posted entry: the ERP's own sums repeat an item that was changed past it, this does not.
-- A warning: the entry is the ERP's to mend. One with an item in quarantine is not judged.
{{ config(severity='warn') }}

with items as (

    select * from {{ ref('base_odoo__account_move_line') }}

)

select
    move_id,
    sum(balance_amount) as left_over
from items
where move_state = 'posted' and not is_deleted
group by move_id
having sum(balance_amount) <> 0 and count(quarantine_reason) = 0
