{# Whether what was paid settles what was due, less a deduction of the seed payment_deductions: its discount, to the
   cent, and charges up to its limits. `deduction` is the alias of the seed. #}
{% macro is_settled_less(deduction, due, paid, age_days) -%}
    {%- set charges = due ~ ' - ' ~ discount_on(due, deduction ~ '.discount_ratio') ~ ' - ' ~ paid -%}
    (
        {{ age_days }} <= {{ deduction }}.max_days
        -- A discount may be rounded either way.
        and {{ charges }} >= case when {{ deduction }}.discount_ratio > 0 then -0.01 else 0 end
        and {{ charges }} <= greatest(
            least({{ deduction }}.max_charges_amount, {{ due }} * {{ deduction }}.max_charges_ratio),
            case when {{ deduction }}.discount_ratio > 0 then 0.01 else 0 end
        )
    )
{%- endmacro %}

{% macro discount_on(due, discount_ratio) -%}
    cast(round({{ due }} * {{ discount_ratio }}, 2) as decimal(18, 2))
{%- endmacro %}
