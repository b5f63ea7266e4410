{# A view with a row per day of each span has one row per day exactly if no two spans of a thing share a day. To ask the
   spans costs the same however many days they cover. `valid_to_date` is the first day no longer in the span. #}
{% test spans_do_not_overlap(model, columns, spans=none) %}
select *
from (
    select
        {{ columns | join(', ') }},
        valid_from_date,
        valid_to_date,
        lead(valid_from_date) over (
            partition by {{ columns | join(', ') }}
            order by valid_from_date, valid_to_date
        ) as next_from_date
    from {{ spans or model }}
) as neighbours
where next_from_date < valid_to_date
{% endtest %}
