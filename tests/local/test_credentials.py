"""Passwords are made, kept and shown to their owner only."""

import json

from umlauf.local.airflow_environment import airflow_environment
from umlauf.local.credentials import load_credentials, password_file


def test_credentials_are_made_once_and_differ_between_homes(tmp_path):
    first = load_credentials(tmp_path / "a")

    assert load_credentials(tmp_path / "a") == first
    assert load_credentials(tmp_path / "b").password != first.password


def test_only_the_owner_can_read_them(tmp_path):
    load_credentials(tmp_path)

    modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "airflow").iterdir()}
    assert modes == {"credentials.json": 0o600, "passwords.json": 0o600}


def test_they_do_not_show_when_printed(tmp_path):
    keys = load_credentials(tmp_path)

    assert keys.password not in repr(keys)
    assert keys.jwt_secret not in repr(keys)


def test_airflow_takes_the_password_from_its_file(tmp_path):
    keys = load_credentials(tmp_path)

    assert json.loads(password_file(tmp_path).read_text()) == {"admin": keys.password}


def test_the_caller_s_own_airflow_settings_do_not_leak_in(settings, free_ports, monkeypatch):
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
    monkeypatch.setenv("AIRFLOW__CORE__DAGS_FOLDER", "/elsewhere")
    monkeypatch.setenv("AIRFLOW__SMTP__SMTP_HOST", "mail.example.com")

    environment = airflow_environment(
        settings, free_ports, load_credentials(settings.home), has_marts=False
    )

    assert environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert environment["AIRFLOW__CORE__DAGS_FOLDER"].endswith("/dags")
    assert "AIRFLOW__SMTP__SMTP_HOST" not in environment
    assert environment["AIRFLOW__EXECUTION_API__JWT_EXPIRATION_TIME"] == "43200"


def test_airflow_is_told_where_the_sandbox_is(settings, free_ports):
    environment = airflow_environment(
        settings, free_ports, load_credentials(settings.home), has_marts=False
    )

    hubspot = json.loads(environment["AIRFLOW_CONN_HUBSPOT_DEFAULT"])
    bank = json.loads(environment["AIRFLOW_CONN_BANK_DEFAULT"])
    assert hubspot["host"] == f"http://127.0.0.1:{free_ports.sandbox}/hubspot"
    assert bank["extra"]["places"][0]["host_key"].startswith("ssh-ed25519 ")
