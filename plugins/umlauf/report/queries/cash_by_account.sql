-- One row per account and currency on the business date, with what came in and went out in 30 days.

with flows as (

    select
        account_id,
        currency_code,
        sum(inflow) as inflow_30,
        sum(outflow) as outflow_30
    from cash_flow.fct_cash_daily
    where day between $as_of - 29 and $as_of
    group by account_id, currency_code

),

gaps as (

    select account_id, currency_code, count(*) as gaps
    from cash_flow.fct_cash_daily
    where has_gap
    group by account_id, currency_code

)

select
    cash.account_id,
    cash.currency_code,
    cash.closing,
    cash.closing_reporting,
    flows.inflow_30,
    flows.outflow_30,
    cash.last_statement_date,
    coalesce(gaps.gaps, 0) as gaps
from cash_flow.fct_cash_daily as cash
inner join flows on cash.account_id = flows.account_id and cash.currency_code = flows.currency_code
left join gaps on cash.account_id = gaps.account_id and cash.currency_code = gaps.currency_code
where cash.day = $as_of
order by cash.closing_reporting desc nulls last, cash.account_id, cash.currency_code
