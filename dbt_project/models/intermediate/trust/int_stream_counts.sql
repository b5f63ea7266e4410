-- One row per declared stream: what became of its landed rows and money.

{% for source_name, stream in declared_streams() %}
    {{ stream_counts(source_name, stream) }} {{ 'union all' if not loop.last }}
{% else %}
    {{ no_stream_counts() }}
{% endfor %}
