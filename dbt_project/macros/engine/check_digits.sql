{# Whether a key of small letters and digits is a payment reference with the right check digits: ISO 11649 (RF, the first
   four letters last, a is 10 and z is 35, modulo 97) or a Swiss QR reference (27 digits, modulo 10, recursive).
   Both are worked out letter by letter, with what is carried on; a letter that does not belong there makes it NULL. #}
{% macro has_check_digits(key) -%}
    {{ return(adapter.dispatch('has_check_digits')(key)) }}
{%- endmacro %}

{% macro default__has_check_digits(key) -%}
    coalesce(case
        when {{ key }} like 'rf%' and length({{ key }}) between 5 and 25
            then list_reduce(
                list_prepend(0, list_transform(
                    string_split(substr({{ key }}, 5) || substr({{ key }}, 1, 4), ''),
                    lambda letter: nullif(strpos('0123456789abcdefghijklmnopqrstuvwxyz', letter), 0) - 1
                )),
                lambda carried, digit: (carried * case when digit > 9 then 100 else 10 end + digit) % 97
            ) = 1
        when length({{ key }}) = 27
            then list_reduce(
                list_prepend(0, list_transform(
                    string_split({{ key }}, ''), lambda letter: try_cast(letter as integer)
                )),
                lambda carried, digit: cast(substr('0946827135', 1 + (carried + digit) % 10, 1) as integer)
            ) = 0
    end, false)
{%- endmacro %}

{% macro spark__has_check_digits(key) -%}
    coalesce(case
        when {{ key }} like 'rf%' and length({{ key }}) between 5 and 25
            then aggregate(
                transform(
                    split(substr({{ key }}, 5) || substr({{ key }}, 1, 4), ''),
                    letter -> nullif(instr('0123456789abcdefghijklmnopqrstuvwxyz', letter), 0) - 1
                ),
                0,
                (carried, digit) -> (carried * case when digit > 9 then 100 else 10 end + digit) % 97
            ) = 1
        when length({{ key }}) = 27
            then aggregate(
                transform(split({{ key }}, ''), letter -> try_cast(letter as integer)),
                0,
                (carried, digit) -> cast(substr('0946827135', 1 + (carried + digit) % 10, 1) as integer)
            ) = 0
    end, false)
{%- endmacro %}
