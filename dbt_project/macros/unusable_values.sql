{# What cannot become money: said in one place, so that every source quarantines by the same rule. #}

{# True when a text has digits behind the cent: casting would round it silently. Only one with more than two digits
   behind its point, or an exponent, can: the cast is costly. #}
{% macro text_is_finer_than_cent(text) -%}
    case
        when {{ text }} like '%.___%' or lower({{ text }}) like '%e%'
            then coalesce(
                try_cast({{ text }} as decimal(18, 2)) <> try_cast({{ text }} as decimal(28, 8)),
                false
            )
        else false
    end
{%- endmacro %}

{# True when one of the amounts, fields of newest_records, is. #}
{% macro is_finer_than_cent(names) -%}
    (
        {%- for name in names %}
        {{ text_is_finer_than_cent("fields['" ~ name ~ "']") }}{{ " or" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# True when one of the amounts at these paths of a payload is. #}
{% macro has_fraction_of_cent(column, paths) -%}
    (
        {%- for path in paths %}
        {{ text_is_finer_than_cent(json_text(column, path)) }}{{ " or" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# Three letters, and not XXX, which ISO 4217 reserves for "no currency". #}
{% macro is_currency_code(code) -%}
    (coalesce({{ code }}, 'XXX') like '___' and coalesce({{ code }}, 'XXX') <> 'XXX')
{%- endmacro %}
