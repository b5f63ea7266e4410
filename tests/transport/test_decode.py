from datetime import UTC, datetime

import msgspec
import pytest

from umlauf.errors import SourceChanged
from umlauf.transport.decode import NO_STAMP, RecordReader, json_reader, read_or, text_of


class Results(msgspec.Struct):
    results: list[msgspec.Raw]


class Said(msgspec.Struct):
    ok: str


def reader(**options):
    return RecordReader("crm.deals", stamp="properties.changed", **options)


def raw(text):
    return [msgspec.Raw(text if isinstance(text, bytes) else text.encode())]


def test_the_records_text_stays_untouched():
    text = '{ "id":"7",  "amount":1.10,"big":123456789012345678901234567890,"x":1e400,"properties":{"changed":"2026-01-02T03:04:05.678Z"}}'  # noqa: E501 - the very bytes are the test

    records = reader().read(json_reader(Results, "x")(f'{{"results":[{text}]}}'.encode()).results)

    assert records.payloads == [text]
    assert records.keys == ["7"]
    assert records.versions == [datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)]


def test_an_offset_is_converted_to_utc():
    text = '{"id":"7","properties":{"changed":"2026-01-02T03:00:00+02:00"}}'

    assert reader().read(raw(text)).versions == [datetime(2026, 1, 2, 1, tzinfo=UTC)]


def test_a_stamp_without_offset_is_utc_only_where_the_source_says_so():
    text = '{"id":7,"properties":{"changed":"2026-01-02 03:04:05"}}'

    records = reader(key_type=int, naive_is_utc=True).read(raw(text))

    assert records.versions == [datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)]
    with pytest.raises(SourceChanged, match="record 7: expected a time with its UTC offset"):
        reader(key_type=int).read(raw(text))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '{"id":"7","properties":{"changed":null}}',
            r"record '7': Expected 'datetime', came 'null'",
        ),
        ('{"id":"7","properties":{}}', r"record '7': .*required field 'changed'"),
        ('{"id":7,"properties":{}}', "record 7: Expected 'str', came 'int'"),
        ('{"name":"x"}', r"a record without key: .*it has \['name'\]"),
        ('{"id":" ","properties":{"changed":"2026-01-02T03:00:00Z"}}', "expected a key"),
        ("[1]", "Expected 'object', came 'array'"),
        ('{"id":"7","properties":{"changed":"0001-01-01T00:00:00+14:00"}}', "of our calendar"),
        ('{"id":"7","properties":{"changed":1e400}}', "record"),
        ('{"id":"7","properties":{"changed":' + "[" * 100_000, "record"),
        (b'{"id":"7","n":"\xff","properties":{"changed":"2026-01-02T03:00:00Z"}}', "UTF-8"),
    ],
)
def test_a_wrong_shape_names_source_stream_record_and_field(text, complaint):
    with pytest.raises(SourceChanged, match=f"^crm.deals: .*{complaint}"):
        reader().read(raw(text))


def test_records_without_stamp_get_none():
    assert RecordReader("x").read(raw('{"id":"1"}')).versions == [NO_STAMP]


def test_values_stay_out_of_the_message():
    with pytest.raises(SourceChanged) as caught:
        reader().read(raw('{"id":"7","email":"a@b.c"}'))

    assert "a@b.c" not in str(caught.value)


def test_a_lone_surrogate_is_replaced_and_a_pair_is_kept():
    body = rb'{"results":["a\ud800b","\ud83d\ude00","\\ud800","\udc00"]}'

    texts = [bytes(one) for one in json_reader(Results, "x")(body).results]

    assert texts == [rb'"a\ufffdb"', rb'"\ud83d\ude00"', rb'"\\ud800"', rb'"\ufffd"']


@pytest.mark.parametrize("value", ["[" * 100_000, '{"a":' * 5000 + "1" + "}" * 5000])
def test_json_nested_without_end_is_refused(value):
    with pytest.raises(SourceChanged, match=r"^x: JSON nested deeper"):
        json_reader(Results, "x")(f'{{"results":[{value}]}}'.encode())


def test_an_answer_that_is_wrong_here_and_nested_there_is_still_described():
    body = b'{"results":1,"total":' + b"[" * 100_000 + b"}"

    with pytest.raises(SourceChanged, match=r"^x: "):
        json_reader(Results, "x")(body)


def test_text_that_is_not_utf_8_is_refused_and_named():
    assert text_of(raw('{"a":"\u00e9"}')[0], "x") == '{"a":"\u00e9"}'
    with pytest.raises(SourceChanged, match=r"^x: expected UTF-8"):
        text_of(raw(b'{"a":"\xff"}')[0], "x")


def test_an_answer_that_is_not_utf_8_is_refused():
    with pytest.raises(SourceChanged, match=r"^x: expected UTF-8"):
        json_reader(dict[str, str], "x")(b'{"a":"\xff"}')


@pytest.mark.parametrize("body", [b"", b"[1]", b"[" * 100_000, b'{"ok":"\xff"}', b'{"ok":1}'])
def test_an_error_body_that_says_nothing_is_the_default(body):
    assert read_or(Said(ok="no"), body) == Said(ok="no")
    assert read_or(Said(ok="no"), b'{"ok":"yes"}') == Said(ok="yes")
