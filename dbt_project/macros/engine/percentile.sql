{# The value below which a share of the values lies, interpolated between neighbours, to 6 decimals. The same in both
   engines; a sum of doubles it is not, so that the order of rows cannot show. #}
{% macro percentile(value, share) -%}
    {%- set found = "percentile_cont(" ~ share ~ ") within group (order by cast(" ~ value ~ " as double))" -%}
    cast({{ round_double(found, 6) }} as decimal(28, 6))
{%- endmacro %}

{# The values that stand for a fifth each (10th, 30th, 50th, 70th, 90th percentile) as columns name_1 to name_5. DuckDB
   sorts once for a list of shares. #}
{% macro fifths(value, name) -%}
    {{ return(adapter.dispatch('fifths')(value, name)) }}
{%- endmacro %}

{% macro default__fifths(value, name) -%}
    {%- for place in [1, 2, 3, 4, 5] -%}
    cast(round(quantile_cont(cast({{ value }} as double), [0.1, 0.3, 0.5, 0.7, 0.9])[{{ place }}], 6) as decimal(28, 6))
        as {{ name }}_{{ place }}{{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}

{% macro spark__fifths(value, name) -%}
    {%- for share in [0.1, 0.3, 0.5, 0.7, 0.9] -%}
    {{ percentile(value, share) }} as {{ name }}_{{ loop.index }}{{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}
