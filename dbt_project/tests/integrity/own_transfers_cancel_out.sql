-- What leaves one of our accounts arrives on another; a day or a bank's rate may lie between. More than that is a
-- transfer of which one side is missing, or a payment that a rule takes for one.

{{ config(severity='warn') }}

select
    sum(amount_reporting) as residue,
    sum(abs(amount_reporting)) as moved
from {{ ref('int_cash_flows') }}
where category = 'own_transfer'
having abs(sum(amount_reporting)) > 0.01 * sum(abs(amount_reporting))
