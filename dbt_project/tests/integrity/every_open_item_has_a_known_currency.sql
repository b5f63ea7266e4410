-- An item in a currency that has not landed is XXX: it stays in the ledger's sums, in the books' currency.

{{ config(severity='warn') }}

select * from {{ ref('int_open_items') }}
where
    currency_code = 'XXX'
    or company_currency_code = 'XXX'
