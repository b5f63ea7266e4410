-- Revenue on an account that has not landed is in the totals as 'unmapped'; its account belongs into the landing.

{{ config(severity='warn') }}

select * from {{ ref('int_revenue') }}
where account_code = 'unmapped'
