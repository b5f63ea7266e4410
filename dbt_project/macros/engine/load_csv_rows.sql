{# Rows of a seed. In a session dbt-spark puts quotes around what a cell says, whatever is in it: "New Year's Day" ends
   the text, and an empty cell is the word None. #}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model.config.column_types -%}
    {%- for rows in agate_table.rows | batch(get_batch_size()) -%}
        {%- call statement('load_' ~ loop.index) -%}
            insert into {{ this }} values
            {% for row in rows -%}
                (
                    {%- for cell in row -%}
                        {%- set inferred = adapter.convert_type(agate_table, loop.index0) -%}
                        {%- set type = types.get(agate_table.column_names[loop.index0], inferred) -%}
                        cast({{ spark_text(cell) }} as {{ type }})
                        {{- ", " if not loop.last }}
                    {%- endfor -%}
                ){{ ", " if not loop.last }}
            {% endfor %}
        {%- endcall -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}
