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
