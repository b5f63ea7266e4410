-- One row per supplier.

with suppliers as (

    select * from {{ ref('int_suppliers') }}

)

select
    supplier_id,
    supplier_ref,
    -- A sole trader's name is personal and stays out of the published marts.
    case when is_company then partner_name end as supplier_name,
    country_id,
    is_company,
    is_active
from suppliers
