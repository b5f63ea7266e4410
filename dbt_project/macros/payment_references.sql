{# Small letters and digits of a text: how names and numbers are compared, whatever stands between. #}
{% macro letters_and_digits(text) -%}
    nullif({{ replace_all('lower(' ~ text ~ ')', '[^\\p{L}\\p{N}]') }}, '')
{%- endmacro %}

{# A name as banks hand it on: umlauts spelt out, no accents, and only as much of it as a short field leaves. #}
{% macro name_key(name) -%}
    {%- set umlauts = namespace(sql='lower(' ~ name ~ ')') -%}
    {%- for letter, spelt in [('ä', 'ae'), ('ö', 'oe'), ('ü', 'ue'), ('ß', 'ss'), ('æ', 'ae'), ('œ', 'oe')] -%}
        {%- set umlauts.sql = "replace(" ~ umlauts.sql ~ ", '" ~ letter ~ "', '" ~ spelt ~ "')" -%}
    {%- endfor -%}
    {%- set accented = 'áàâãåāăąçćčďđéèêëēěęğíìîïīłñńňóòôõøōőřśşšťúùûūůűýÿźżž' -%}
    {%- set plain    = 'aaaaaaaacccddeeeeeeegiiiiilnnnooooooorssstuuuuuuyyzzz' -%}
    substr({{ letters_and_digits("translate(" ~ umlauts.sql ~ ", '" ~ accented ~ "', '" ~ plain ~ "')") }}, 1, 20)
{%- endmacro %}

{# A creditor reference (ISO 11649) as digits: the first four letters last, a is 10, z is 35. #}
{% macro creditor_reference_digits(key) -%}
    {%- set ns = namespace(text='(substr(' ~ key ~ ', 5) || substr(' ~ key ~ ', 1, 4))') -%}
    {%- for letter in 'abcdefghijklmnopqrstuvwxyz' -%}
        {%- set ns.text = "replace(" ~ ns.text ~ ", '" ~ letter ~ "', '" ~ (loop.index + 9) ~ "')" -%}
    {%- endfor -%}
    {{ ns.text }}
{%- endmacro %}

{# Whether a key carries check digits that are right: RF and modulo 97 (`digits` as above), or a Swiss QR reference
   of 27 digits and modulo 10, recursive. Text with other letters is neither. #}
{% macro has_check_digits(key, digits) -%}
    {%- set remainder = namespace(sql='0') -%}
    {%- for start in range(1, 60, 10) -%}
        {%- set piece = "substr(lpad(" ~ digits ~ ", 60, '0'), " ~ start ~ ", 10)" -%}
        {%- set remainder.sql = "mod(try_cast(cast(" ~ remainder.sql ~ " as varchar) || " ~ piece ~ " as bigint), 97)" -%}
    {%- endfor -%}
    {%- set carry = namespace(sql='0') -%}
    {%- for place in range(1, 28) -%}
        {%- set sum = carry.sql ~ " + try_cast(substr(" ~ key ~ ", " ~ place ~ ", 1) as integer)" -%}
        {%- set carry.sql = "try_cast(substr('0946827135', 1 + mod(" ~ sum ~ ", 10), 1) as integer)" -%}
    {%- endfor -%}
    coalesce(
        case
            when {{ key }} like 'rf%' and length({{ key }}) between 5 and 25 then {{ remainder.sql }} = 1
            when length({{ key }}) = 27 then {{ carry.sql }} = 0
        end,
        false
    )
{%- endmacro %}
