-- One row per link between two documents, or document and residue it stands under. Sum within one to_kind.

with links as (

    select
        *,
        sum(amount) over (
            partition by to_kind, to_id
            order by from_id nulls last, from_kind nulls last, residue nulls first
            rows between unbounded preceding and current row
        ) as amount_to_here
    from {{ ref('int_document_links') }}

),

documents as (

    select * from {{ ref('int_documents') }}

),

rates as (

    select * from {{ ref('int_fx_rate_spans') }}

),

described as (

    select
        links.*,
        sources.document_name as from_name,
        sources.document_date as from_date,
        targets.document_name as to_name,
        targets.document_date as to_date,
        targets.currency_code,
        rates.units_per_reporting,
        -- Deleted or archived since, or not read: it is named, and cannot be looked at.
        coalesce(
            links.residue, case when sources.document_id is null then links.from_kind || '_not_known' end
        ) as named_residue
    from links
    inner join documents as targets
        on
            links.to_kind = targets.document_kind
            and links.to_id = targets.document_id
    left join documents as sources
        on
            links.from_kind = sources.document_kind
            and links.from_id = sources.document_id
    left join rates
        on
            targets.currency_code = rates.currency_code
            and targets.document_date >= rates.valid_from_date
            and targets.document_date < rates.valid_to_date

)

select
    coalesce(from_kind || ':' || from_id, named_residue) || ' > ' || to_kind || ':' || to_id as link_id,
    from_kind,
    from_id,
    from_name,
    from_date,
    to_kind,
    to_id,
    to_name,
    to_date,
    known_by,
    named_residue as residue,
    cast(units as decimal(18, 4)) as units,
    cast(amount as decimal(18, 2)) as amount,
    case when amount is not null then currency_code end as currency_code,
    -- The difference of two converted sums: a document's links add up to the document, also in the reporting currency.
    cast(
        {{ divide_money('amount_to_here', 'units_per_reporting') }}
        - {{ divide_money('amount_to_here - amount', 'units_per_reporting') }} as decimal(18, 2)
    ) as amount_reporting
from described
