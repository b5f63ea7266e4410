import os
from datetime import UTC, datetime, timedelta

import pytest

from umlauf.errors import ConfigError, SourceUnavailable
from umlauf.spec import Connection, Limits
from umlauf.transport.folder import FolderPickup
from umlauf.transport.pickup import pickups_of, ready_files, stamp

NOW = datetime(2026, 1, 6, 4, 30, tzinfo=UTC)


@pytest.fixture
def place(tmp_path):
    return FolderPickup(Connection(conn_id="bank", url=tmp_path.as_uri()))


def put(folder, name, content=b"x", *, age=timedelta(hours=1)):
    file = folder / name
    file.write_bytes(content)
    moment = (NOW - age).timestamp()
    os.utime(file, (moment, moment))
    return file


def ready(place, *, sleep=lambda _: None, is_known=lambda _: False):
    return [file.name for file in ready_files(place, is_known, NOW, sleep=sleep)]


def test_unfinished_hidden_and_linked_files_are_left_alone(place, tmp_path):
    for name in ("b.xml", "a.sta", "c.xml.part", "d.TMP", ".e.xml", "f.filepart"):
        put(tmp_path, name)
    (tmp_path / "link.xml").symlink_to(tmp_path / "b.xml")
    (tmp_path / "folder").mkdir()

    assert [file.name for file in place.list()] == ["a.sta", "b.xml"]


def test_a_settled_file_is_ready_without_waiting(place, tmp_path):
    put(tmp_path, "a.xml")

    def no_sleep(_):
        raise AssertionError("waited")

    assert ready(place, sleep=no_sleep) == ["a.xml"]


def test_a_file_that_grows_waits_and_its_neighbour_does_not(place, tmp_path):
    growing = put(tmp_path, "a.xml", age=timedelta(seconds=1))
    put(tmp_path, "b.xml", age=timedelta(seconds=1))

    def grow(_):
        with growing.open("ab") as file:
            file.write(b"more")

    assert ready(place, sleep=grow) == ["b.xml"]


def test_an_empty_file_waits_a_day_then_it_is_given_out(place, tmp_path):
    put(tmp_path, "new.xml", b"", age=timedelta(hours=23))
    put(tmp_path, "old.xml", b"", age=timedelta(hours=25))

    assert ready(place) == ["old.xml"]


def test_known_files_are_not_given_out_again(place, tmp_path):
    put(tmp_path, "a.xml")
    put(tmp_path, "b.xml")

    assert ready(place, is_known=lambda file: file.name == "a.xml") == ["b.xml"]


def test_odd_names_are_only_names(place, tmp_path):
    names = ["'; drop table x --.xml", "{{ 1 }}.xml", "new\nline.xml", "x" * 250]
    for name in names:
        put(tmp_path, name, name.encode())

    found = place.list()

    assert sorted(file.name for file in found) == sorted(names)
    assert all(b"".join(place.read(file)) == file.name.encode() for file in found)


def test_a_file_replaced_by_a_link_is_not_followed(place, tmp_path):
    secret = put(tmp_path, ".secret", b"x")
    put(tmp_path, "a.xml")
    (found,) = place.list()
    (tmp_path / "a.xml").unlink()
    (tmp_path / "a.xml").symlink_to(secret)

    with pytest.raises(SourceUnavailable, match=r"'a\.xml' cannot be read"):
        list(place.read(found))


def test_a_file_that_shrank_is_not_taken(place, tmp_path):
    file = put(tmp_path, "a.xml", b"long")
    (found,) = place.list()
    file.write_bytes(b"x")

    with pytest.raises(SourceUnavailable, match="listed with 4 bytes, 1 came"):
        list(place.read(found))


def test_a_missing_folder_is_unavailable(tmp_path):
    place = FolderPickup(Connection(conn_id="bank", url=(tmp_path / "none").as_uri()))

    with pytest.raises(SourceUnavailable, match="cannot be listed"):
        place.list()


def test_a_connection_may_have_several_places(tmp_path):
    more = [{"url": (tmp_path / "b").as_uri()}]
    connection = Connection(conn_id="bank", url=(tmp_path / "a").as_uri(), extra={"places": more})

    assert [place.folder.name for place in pickups_of(connection, Limits())] == ["a", "b"]


@pytest.mark.parametrize(
    ("url", "extra"), [("", {}), ("ftp://host/x", {}), ("", {"places": "file:///x"})]
)
def test_a_connection_without_a_place_we_know_is_a_configuration_error(url, extra):
    with pytest.raises(ConfigError, match="'bank'"):
        list(pickups_of(Connection(conn_id="bank", url=url, extra=extra), Limits()))


@pytest.mark.parametrize(("seconds", "year"), [(0, 1970), (1e15, 9999), (-1e15, 1970)])
def test_a_stamp_beyond_our_calendar_is_its_end(seconds, year):
    assert stamp(seconds).year == year
