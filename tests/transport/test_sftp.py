import os
from contextlib import closing

import pytest

from tests.transport.sftp_server import SftpServer
from umlauf.errors import ConfigError, SourceChanged, SourceDenied, SourceUnavailable
from umlauf.spec import Connection, Limits
from umlauf.transport.host_key import fingerprint
from umlauf.transport.sftp import SftpPickup

pytestmark = pytest.mark.integration

LIMITS = Limits(connect_timeout=5, read_timeout=5, max_retries=2)
CONTENT = os.urandom(6_000_000)


@pytest.fixture
def serve(tmp_path):
    servers = []

    def start(**faults):
        servers.append(SftpServer(tmp_path, **faults))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def pickup(server, *, login="bank:secret", host_key=None, folder="/"):
    connection = Connection(
        conn_id="bank",
        url=f"sftp://127.0.0.1:{server.port}{folder}",
        login=login.split(":")[0],
        password=login.split(":")[1],
        extra={"host_key": server.host_key if host_key is None else host_key},
    )
    return closing(SftpPickup(connection, LIMITS, sleep=lambda _: None))


def test_files_are_listed_and_read(serve, tmp_path):
    (tmp_path / "b.sta").write_bytes(CONTENT)
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    (tmp_path / "c.xml.part").write_bytes(b"unfinished")
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "link.xml").symlink_to(tmp_path / "a.xml")
    (tmp_path / "folder").mkdir()

    with pickup(serve()) as place:
        found = place.list()
        content = b"".join(place.read(found[1]))

    assert [file.name for file in found] == ["a.xml", "b.sta"]
    assert content == CONTENT


def test_a_line_lost_in_the_middle_of_a_file_is_taken_up_at_the_next_byte(serve, tmp_path):
    (tmp_path / "b.sta").write_bytes(CONTENT)
    server = serve(drops=1, drop_after=4_500_000)

    with pickup(server) as place:
        content = b"".join(place.read(place.list()[0]))

    assert content == CONTENT
    assert server.logins == 2


def test_a_server_that_stays_away_is_unavailable(serve, tmp_path):
    (tmp_path / "b.sta").write_bytes(CONTENT)
    server = serve(drops=99, drop_after=1)

    with pickup(server) as place, pytest.raises(SourceUnavailable, match="in 3 attempts"):
        b"".join(place.read(place.list()[0]))


def test_a_file_that_changes_while_it_is_read_waits_for_the_next_run(serve, tmp_path):
    file = tmp_path / "b.sta"
    file.write_bytes(CONTENT)

    with pickup(serve()) as place:
        chunks = place.read(place.list()[0])
        next(chunks)
        file.write_bytes(CONTENT + b"more")
        with pytest.raises(SourceUnavailable, match="changed while it was read"):
            list(chunks)


def test_another_host_key_is_refused_with_both_fingerprints_before_any_login(serve):
    server, other = serve(), serve()

    with pickup(server, host_key=other.host_key) as place, pytest.raises(SourceChanged) as refused:
        place.list()

    assert fingerprint(server.key.asbytes()) in str(refused.value)
    assert fingerprint(other.key.asbytes()) in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_pinned_fingerprint_is_enough(serve):
    server = serve()

    with pickup(server, host_key=fingerprint(server.key.asbytes())) as place:
        assert place.list() == []


def test_without_a_pinned_key_nothing_is_sent_and_the_message_says_what_to_ask_for(serve):
    server = serve()

    with pickup(server, host_key="") as place, pytest.raises(ConfigError) as refused:
        place.list()

    assert fingerprint(server.key.asbytes()) in str(refused.value)


def test_a_wrong_password_is_denied_at_once(serve):
    server = serve()

    with pickup(server, login="bank:wrong") as place, pytest.raises(SourceDenied, match="refused"):
        place.list()

    assert server.logins == 1


def test_a_missing_folder_is_named(serve):
    with (
        pickup(serve(), folder="/none") as place,
        pytest.raises(SourceUnavailable, match="listing"),
    ):
        place.list()


def test_nobody_listening_is_unavailable(serve):
    server = serve()
    server.close()

    with pickup(server) as place, pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1"):
        place.list()


def test_a_name_that_is_no_text_is_named_and_what_to_do(serve, tmp_path):
    (tmp_path / os.fsdecode(b"Auszug_M\xe4rz.sta")).write_bytes(b":20:1")

    with (
        pickup(serve()) as place,
        pytest.raises(SourceChanged, match=r"M\\xe4rz.*rename"),
    ):
        place.list()
