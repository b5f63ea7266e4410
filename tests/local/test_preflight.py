"""What is wrong with a machine is said at once, in one sentence."""

import shutil
import socket

import pytest

from umlauf.errors import ConfigError
from umlauf.local.ports import HOST, is_listening, require_free
from umlauf.local.preflight import check_machine, require_python, require_space


def test_a_taken_port_is_named_with_the_option_that_changes_it(free_ports):
    with socket.socket() as taken:
        taken.bind((HOST, free_ports.sandbox))
        taken.listen()

        with pytest.raises(ConfigError, match=rf"port {free_ports.sandbox} .*--sandbox-port"):
            require_free(free_ports)


def test_free_ports_are_left_free(free_ports):
    require_free(free_ports)
    require_free(free_ports)

    assert not is_listening(free_ports.airflow)


def test_a_server_is_seen_listening(free_ports):
    with socket.socket() as server:
        server.bind((HOST, free_ports.page))
        server.listen()

        assert is_listening(free_ports.page)


def test_another_python_is_refused_by_its_number():
    with pytest.raises(ConfigError, match=r"needs Python 3\.11, this is 3\.12"):
        require_python((3, 12))


def test_a_full_disk_is_named_with_what_is_missing(tmp_path):
    free_gb = shutil.disk_usage(tmp_path).free / 1e9

    with pytest.raises(ConfigError, match=r"GB free, .* are needed"):
        require_space(tmp_path, free_gb + 100)


def test_a_fit_machine_passes_and_gets_its_home(settings, free_ports):
    check_machine(settings, free_ports)

    assert settings.home.is_dir()
