"""A delivered file is whole under its name, or not there; checked in the receiver's own folder."""

import os

import pytest

from tests.transport.sftp_server import SftpServer
from umlauf.errors import ConfigError, SourceChanged, SourceUnavailable
from umlauf.spec import Connection, Limits
from umlauf.transport.dropoff import FolderDropoff, SftpDropoff, dropoff_of

pytestmark = pytest.mark.integration

LIMITS = Limits(connect_timeout=5, read_timeout=5, max_retries=2)
CONTENT = os.urandom(3_000_000)


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir()
    return folder


@pytest.fixture
def file(tmp_path):
    ours = tmp_path / "orders.csv"
    ours.write_bytes(CONTENT)
    return ours


@pytest.fixture
def serve(place):
    servers = []

    def start(**faults):
        servers.append(SftpServer(place, **faults))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def over_sftp(server, *, folder="/", host_key=None):
    connection = Connection(
        conn_id="partner",
        url=f"sftp://127.0.0.1:{server.port}{folder}",
        login="bank",
        password="secret",
        extra={"host_key": host_key or server.host_key},
    )
    return SftpDropoff(connection, LIMITS, sleep=lambda _: None)


def into(folder):
    return FolderDropoff(Connection(conn_id="partner", url=folder.as_uri()))


def found(folder):
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*.*")}


def test_a_file_arrives_in_a_folder_and_replaces_itself(place, file):
    dropoff = into(place)

    dropoff.put("build-1", file)
    assert found(place) == {"build-1/orders.csv": CONTENT}
    file.write_bytes(b"other")
    dropoff.put("build-1", file)

    assert found(place) == {"build-1/orders.csv": b"other"}


def test_a_copy_that_breaks_off_leaves_what_was_there(place, file, monkeypatch):
    into(place).put("build-1", file)
    file.write_bytes(b"other")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        into(place).put("build-1", file)

    assert found(place)["build-1/orders.csv"] == CONTENT


def test_a_share_that_is_not_mounted_is_not_made_up(place, file):
    with pytest.raises(SourceUnavailable, match=r"partner: folder '.*none' is not there; mount"):
        into(place / "none").put("build-1", file)

    assert found(place) == {}


@pytest.mark.parametrize("has_posix_rename", [True, False])
def test_a_file_arrives_over_sftp_and_replaces_itself(serve, place, file, has_posix_rename):
    dropoff = over_sftp(serve(has_posix_rename=has_posix_rename))

    dropoff.put("build-1", file)
    assert found(place) == {"build-1/orders.csv": CONTENT}
    file.write_bytes(b"other")
    dropoff.put("build-1", file)
    dropoff.close()

    assert found(place) == {"build-1/orders.csv": b"other"}


def test_a_line_lost_in_the_middle_of_a_file_begins_it_again(serve, place, file):
    server = serve(drops=1, drop_after=1_000_000)

    over_sftp(server).put("build-1", file)

    assert found(place) == {"build-1/orders.csv": CONTENT}
    assert server.logins == 2


def test_a_line_that_stays_lost_leaves_nothing_under_the_name(serve, place, file):
    server = serve(drops=99, drop_after=1_000_000)

    with pytest.raises(SourceUnavailable, match=r"'orders\.csv': no answer .* in 3 attempts"):
        over_sftp(server).put("build-1", file)

    assert set(found(place)) <= {"build-1/orders.csv.partial"}


def test_a_place_that_cannot_be_written_to_is_named_at_once(serve, file):
    server = serve(is_read_only=True)

    with pytest.raises(SourceUnavailable, match=r"partner: 'orders\.csv'.*denied"):
        over_sftp(server).put("build-1", file)

    assert server.logins == 1


def test_a_folder_that_is_not_there_is_named(serve, file):
    with pytest.raises(SourceUnavailable, match=r"partner: 'build-1': .*[Nn]o such file"):
        over_sftp(serve(), folder="/none").put("build-1", file)


def test_a_server_with_another_host_key_gets_nothing(serve, place, file):
    server, other = serve(), serve()

    with pytest.raises(SourceChanged, match="nothing was sent"):
        over_sftp(server, host_key=other.host_key).put("build-1", file)

    assert found(place) == {}


def test_only_folders_and_sftp_are_places():
    with (
        pytest.raises(ConfigError, match="'partner': a place of kind 'ftp'; expected file://"),
        dropoff_of(Connection(conn_id="partner", url="ftp://host/x"), LIMITS),
    ):
        pass
