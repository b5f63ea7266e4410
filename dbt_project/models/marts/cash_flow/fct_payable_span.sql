-- One row per open payable item and span of days on which its open amount stood still.

{{ open_item_spans(ref('int_open_item_spans'), 'payable') }}
