-- What became of the deal that was won last and has been paid: its orders, deliveries, invoices, bank entries?
with recursive walk as (

    select
        from_kind,
        from_id,
        to_kind,
        to_id,
        link_id,
        1 as step
    from cash_flow.fct_document_flow
    where
        from_kind = 'deal'
        and from_id = (
            select max_by(deals.deal_id, deals.closed_date)
            from pipeline.fct_deal as deals
            inner join cash_flow.fct_document_flow as orders
                on orders.from_kind = 'deal' and deals.deal_id = orders.from_id
            inner join cash_flow.fct_document_flow as invoices
                on invoices.from_kind = 'sale_order' and orders.to_id = invoices.from_id
            inner join cash_flow.fct_document_flow as payments
                on payments.from_kind = 'invoice' and invoices.to_id = payments.from_id
            where deals.is_won and invoices.to_kind = 'invoice'
        )

    union

    select
        links.from_kind,
        links.from_id,
        links.to_kind,
        links.to_id,
        links.link_id,
        walk.step + 1 as step
    from walk
    inner join cash_flow.fct_document_flow as links
        on walk.to_kind = links.from_kind and walk.to_id = links.from_id

)

select
    min(walk.step) as step,
    links.from_kind,
    links.from_name,
    links.to_kind,
    links.to_name,
    links.to_date,
    links.units,
    links.amount,
    links.currency_code
from walk
inner join cash_flow.fct_document_flow as links on walk.link_id = links.link_id
group by all
order by step, links.to_date, links.to_kind, links.to_name
