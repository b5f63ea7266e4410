{# Why a record out of newest_records cannot be used; NULL when it can. `rules` are {condition: reason}, the first
   that holds speaks; a reason may be a pair, [text, what to show behind it]. Conditions may name the columns
   selected before. Deleted records are not judged. #}
{% macro quarantine_reason(rules={}) -%}
    case
        when is_deleted then null
        when payload_reason is not null then payload_reason
        {%- for condition, reason in rules.items() %}
        when {{ condition }}
            then {{ "'" ~ reason ~ "'" if reason is string
                    else "'" ~ reason[0] ~ ": ' || coalesce(" ~ reason[1] ~ ", 'empty')" }}
        {%- endfor %}
        else needs_reason
    end
{%- endmacro %}
