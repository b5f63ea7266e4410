-- One row per measure, product, supplier and segment; what no document ties to a segment goes by who buys the product.

with amounts as (

    select * from {{ ref('int_cash_tied_up_amounts') }}

),

shares as (

    select * from {{ ref('int_product_segment_shares') }}
    where product_weight > 0

)

select
    amounts.measure,
    amounts.product_id,
    amounts.product_family,
    amounts.supplier_id,
    coalesce(amounts.segment, shares.segment, 'unallocated') as segment,
    case
        when shares.product_id is null then amounts.amount_reporting
        else
            cast(
                {{ divide_money('amounts.amount_reporting * shares.weight_to_here', 'shares.product_weight') }}
                - {{ divide_money(
                    'amounts.amount_reporting * (shares.weight_to_here - shares.weight)', 'shares.product_weight'
                ) }}
                as decimal(18, 2)
            )
    end as amount_reporting
from amounts
left join shares
    on
        amounts.product_id = shares.product_id
        and amounts.segment is null
