-- One row per open receivable item and span of days on which its open amount stood still.

{{ open_item_spans(ref('int_open_item_spans'), 'receivable') }}
