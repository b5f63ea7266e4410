import socket
import stat
from contextlib import contextmanager
from urllib.parse import urlsplit

import paramiko
import pytest

from tests.sandbox.serve.small_store import set_clock
from umlauf.sandbox.serve import drop_bank_files
from umlauf.sandbox.serve.keys import host_key, public_text
from umlauf.sandbox.serve.sftp import PASSWORD, USER

pytestmark = pytest.mark.integration
LATER = "2026-11-21T00:00:00.000Z"


@contextmanager
def line_to(addresses):
    at = urlsplit(addresses.sftp)
    with socket.create_connection((at.hostname, at.port), timeout=10) as plain:
        line = paramiko.Transport(plain)
        line.start_client(timeout=10)
        try:
            yield line
        finally:
            line.close()


@contextmanager
def logged_in(addresses):
    with line_to(addresses) as line:
        line.auth_password(USER, PASSWORD)
        yield paramiko.SFTPClient.from_transport(line)


def test_files_drop_when_the_clock_reaches_them_with_the_bank_s_time(own_home):
    first = drop_bank_files(own_home)
    set_clock(own_home, LATER)
    second = drop_bank_files(own_home)

    assert [file.name for file in first] == ["eur_1.xml"]
    assert [file.name for file in second] == ["eur_2.xml"]
    assert second[0].read_bytes() == b"<Document>2</Document>"
    assert second[0].stat().st_mtime == 1795150800  # 2026-11-20T05:00:00Z
    assert sorted(file.name for file in second[0].parent.iterdir()) == ["eur_1.xml", "eur_2.xml"]


def test_dropping_twice_leaves_files_as_they_are(own_home):
    (file,) = drop_bank_files(own_home)
    before = file.stat()

    assert drop_bank_files(own_home) == []
    assert file.stat().st_ino == before.st_ino


def test_sftp_lists_what_the_clock_has_reached(own_home, serving):
    with serving(own_home) as caller, logged_in(caller.at) as bank:
        before = bank.listdir_attr("/out")
        set_clock(own_home, LATER)
        after = bank.listdir("/out")

    assert [(file.filename, file.st_size, file.st_mtime) for file in before] == [
        ("usd_1.sta", 7, 1795064400)
    ]
    assert stat.S_ISREG(before[0].st_mode)
    assert after == ["usd_1.sta", "usd_2.sta"]


def test_sftp_gives_a_file_byte_for_byte_and_from_any_place(own_home, serving):
    set_clock(own_home, LATER)
    with serving(own_home) as caller, logged_in(caller.at) as bank:
        with bank.open("/out/usd_2.sta", "rb") as file:
            whole = file.read()
        with bank.open("/out/usd_2.sta", "rb") as file:
            file.seek(34_990)
            end = file.read()

    assert whole == b":20:B\r\n" * 5000
    assert end == whole[34_990:]


@pytest.mark.parametrize(
    "change",
    [
        lambda bank: bank.open("/out/new.sta", "wb"),
        lambda bank: bank.open("/out/usd_1.sta", "ab"),
        lambda bank: bank.remove("/out/usd_1.sta"),
        lambda bank: bank.rename("/out/usd_1.sta", "/out/x"),
        lambda bank: bank.mkdir("/out/x"),
    ],
)
def test_sftp_changes_nothing(own_home, serving, change):
    with serving(own_home) as caller, logged_in(caller.at) as bank:
        with pytest.raises(OSError, match=r"denied|unsupported"):
            change(bank)

        assert bank.listdir("/out") == ["usd_1.sta"]


@pytest.mark.parametrize("path", ["/out/usd_2.sta", "/out/../../meta", "/else"])
def test_sftp_knows_no_other_files(own_home, serving, path):
    with (
        serving(own_home) as caller,
        logged_in(caller.at) as bank,
        pytest.raises(FileNotFoundError),
    ):
        bank.open(path, "rb")


def test_the_host_key_stays_the_same_and_is_the_one_announced(own_home, serving):
    shown = []
    for _ in range(2):
        with serving(own_home) as caller, line_to(caller.at) as line:
            shown.append(public_text(line.get_remote_server_key()))
            announced = caller.at.sftp_host_key

    assert shown == [announced, announced]
    assert public_text(host_key(own_home)) == announced


def test_the_client_s_key_logs_in_and_others_do_not(own_home, serving):
    with serving(own_home) as caller:
        with line_to(caller.at) as line:
            line.auth_publickey(USER, paramiko.Ed25519Key(filename=caller.at.sftp_client_key))
            is_in = line.is_authenticated()
        with line_to(caller.at) as line, pytest.raises(paramiko.AuthenticationException):
            line.auth_publickey(USER, paramiko.ECDSAKey.generate())
        with line_to(caller.at) as line, pytest.raises(paramiko.AuthenticationException):
            line.auth_password(USER, "wrong")

    assert is_in
