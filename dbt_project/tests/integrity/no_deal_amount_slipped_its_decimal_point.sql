-- A deal that became ten times as large, or as small, in one edit of the last week: somebody should look at it.
-- A warning: such deals exist, and each is told of for a week.
{{ config(severity='warn') }}

with changes as (

    select * from {{ ref('int_deal_changes') }}
    where property = 'amount'

),

compared as (

    select
        deal_id,
        changed_date,
        abs(amount) as amount,
        lag(abs(amount)) over (partition by deal_id order by change_number) as amount_before
    from changes

)

select *
from compared
where
    {{ days_between('changed_date', as_of_date()) }} < 7
    and (amount >= 10 * amount_before or amount_before >= 10 * amount)
    and amount > 0
    and amount_before > 0
