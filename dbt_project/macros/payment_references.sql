{# Small letters and digits of a text: how names and numbers are compared, whatever stands between. #}
{% macro letters_and_digits(text) -%}
    nullif({{ replace_all('lower(' ~ text ~ ')', '[^\\p{L}\\p{N}]') }}, '')
{%- endmacro %}

{# A name by what banks leave of it: no accents, umlauts spelt out or not (ö, oe and o are one), and only the first
   letters, since a field of the bank may hold no more. #}
{% macro name_key(name) -%}
    {%- set accented = 'áàâäãåāăąçćčďđéèêëēěęğíìîïīłñńňóòôöõøōőřśşšťúùûüūůűýÿźżžæœ' -%}
    {%- set plain    = 'aaaaaaaaacccddeeeeeeegiiiiilnnnoooooooorssstuuuuuuuyyzzzao' -%}
    {%- set key = namespace(sql="translate(lower(" ~ name ~ "), '" ~ accented ~ "', '" ~ plain ~ "')") -%}
    {%- for spelt, letter in [('ß', 'ss'), ('ae', 'a'), ('oe', 'o'), ('ue', 'u')] -%}
        {%- set key.sql = "replace(" ~ key.sql ~ ", '" ~ spelt ~ "', '" ~ letter ~ "')" -%}
    {%- endfor -%}
    substr({{ letters_and_digits(key.sql) }}, 1, 20)
{%- endmacro %}
