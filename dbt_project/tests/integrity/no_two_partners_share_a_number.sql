-- One customer or supplier twice: orders go to the one, payments to the other, and the CRM's number names both.
{{ config(severity='warn') }}

select
    partner_ref,
    company_id,
    count(*) as partners
from {{ ref('stg_odoo__res_partner') }}
where is_active and parent_partner_id is null and partner_ref is not null
group by partner_ref, company_id
having count(*) > 1
