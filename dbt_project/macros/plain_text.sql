{# A text, NULL where an object or an array with names or texts in it came in its place: what is no text is empty, as
   every typed column has it. Texts in brackets, which people do write, stay. #}
{% macro plain_text(text) -%}
    case
        when ({{ text }} like '{"%}' or {{ text }} like '[%"%]') and {{ json_is_valid(text) }} then null
        else {{ text }}
    end
{%- endmacro %}
