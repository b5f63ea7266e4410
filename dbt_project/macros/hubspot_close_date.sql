{# Business date of a HubSpot `closedate`: a stamp in UTC, or a bare date, which no time zone may move. #}
{% macro hubspot_close_date(text) -%}
    case
        when length({{ text }}) = 10 then try_cast({{ text }} as date)
        else {{ business_date(utc_stamp(text)) }}
    end
{%- endmacro %}
