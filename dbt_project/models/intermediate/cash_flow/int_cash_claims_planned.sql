-- One row per origin and order that should be placed: what will be due, and when.

select
    forecast_date,
    'planned_replenishment' as tier,
    'payable' as ledger_side,
    cast(null as varchar) as partner_id,
    'planned_order' as document_type,
    cast(null as varchar) as document_id,
    cast(null as varchar) as document_name,
    forecast_date as invoiced_date,
    forecast_date as due_date,
    cast(1 as decimal(9, 6)) as weight,
    cast(null as bigint) as late_fifth,
    cast(0 as decimal(18, 2)) as amount_reporting
from {{ ref('int_forecast_origins') }}
where 1 = 0
