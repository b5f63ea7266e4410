{# What cannot become money: said in one place, so that every source quarantines by the same rule. #}

{# True when one of the amounts, fields of newest_records, has digits behind the cent: casting would round it silently.
   Only a text with more than two digits behind its point, or an exponent, can: the cast is costly. #}
{% macro is_finer_than_cent(names) -%}
    (
        {%- for name in names %}
        case
            when fields['{{ name }}'] like '%.___%' or lower(fields['{{ name }}']) like '%e%'
                then coalesce(
                    try_cast(fields['{{ name }}'] as decimal(18, 2))
                    <> try_cast(fields['{{ name }}'] as decimal(28, 8)),
                    false
                )
            else false
        end{{ " or" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# True when one of the payload's amounts has digits behind the cent: casting would round it silently. #}
{% macro has_fraction_of_cent(column, paths) -%}
    (
        {%- for path in paths %}
        coalesce(
            try_cast({{ json_text(column, path) }} as decimal(18, 2))
            <> try_cast({{ json_text(column, path) }} as decimal(28, 8)),
            false
        ){{ " or" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# Three letters, and not XXX, which ISO 4217 reserves for "no currency". #}
{% macro is_currency_code(code) -%}
    (coalesce({{ code }}, 'XXX') like '___' and coalesce({{ code }}, 'XXX') <> 'XXX')
{%- endmacro %}
