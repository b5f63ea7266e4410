{# Units as a multiple of expected ones, in which demands alike in size compare. Of next to nothing expected (below the
   first bound of demand_size) it is a multiple of that bound, which compares plain units. #}
{% macro times_expected(units, expected_units) -%}
    {{ ratio(units, 'greatest(' ~ expected_units ~ ', 0.125)') }}
{%- endmacro %}
