{# A column that names each row: never null, never twice. One test for both, since each costs a night its own time. #}
{% test key(model, column_name) %}
select {{ column_name }}
from {{ model }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null
{% endtest %}
