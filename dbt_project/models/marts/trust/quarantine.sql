-- One row per landed record that could not be used, with the reason.

{% for source_name, stream in declared_streams() %}
{{ stream_quarantine(source_name, stream) }} {{ 'union all' if not loop.last }}
{% else %}
    {{ no_stream_quarantine() }}
{% endfor %}
