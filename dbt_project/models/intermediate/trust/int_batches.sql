-- One row per landed batch that this build knows of, from the batch's own footer.

with batches as (

    select * from {{ source('landing', 'batches') }}

),

known as (

    -- "declared" batches are empty: they only make a stream readable that has never landed.
    select *
    from batches
    where kind <> 'declared' and fetched_at <= {{ known_on() }}

)

select * from known
