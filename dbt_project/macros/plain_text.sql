{# A text, NULL where an object or an array came in its place: what is no text is empty, as every typed column has it.
   Told from the text itself, so `[2024]`, which people do write, stays. #}
{% macro plain_text(text) -%}
    case
        when
            (left({{ text }}, 1) = '{' or {{ text }} like '[%"%]' or {{ text }} = '[]')
            and {{ json_is_valid(text) }}
            then null
        else {{ text }}
    end
{%- endmacro %}
