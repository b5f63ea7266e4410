import pytest

from umlauf.errors import ConfigError
from umlauf.transport.auth import load_connection


def load(text):
    return load_connection("my_crm", {"AIRFLOW_CONN_MY_CRM": text})


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://:key@127.0.0.1:8000/hubspot", "http://127.0.0.1:8000/hubspot"),
        ("https://:key@erp.example.com", "https://erp.example.com"),
        ("hubspot://:key@", ""),
        ("odoo://:key@erp.example.com:8069", "https://erp.example.com:8069"),
        ("odoo://:key@erp.example.com?scheme=http", "http://erp.example.com"),
        ("odoo://https://:key@erp.example.com", "https://erp.example.com"),
        ("sftp://me:key@bank.example.com:2222/out/daily", "sftp://bank.example.com:2222/out/daily"),
        ("file:///srv/bank", "file:///srv/bank"),
        ('{"host": "http://127.0.0.1:1/odoo", "password": "key"}', "http://127.0.0.1:1/odoo"),
        ('{"conn_type": "http", "host": "h", "port": 8, "schema": "x"}', "http://h:8/x"),
        ('{"conn_type": "http", "host": "h", "port": "8"}', "http://h:8"),
    ],
)
def test_a_connection_says_where_the_system_is(text, url):
    assert load(text).url == url


def test_login_password_and_extra_are_decoded():
    connection = load("odoo://me%40x:p%2Fw%3A@h?database=a%20b&note=http%3A%2F%2Fx")

    assert (connection.login, connection.password) == ("me@x", "p/w:")
    assert connection.extra == {"database": "a b", "note": "http://x"}


@pytest.mark.parametrize(
    "text",
    [
        "odoo://h?__extra__=%7B%22companies%22%3A%20%5B1%2C%202%5D%7D",
        '{"host": "h", "extra": {"companies": [1, 2]}}',
        '{"host": "h", "extra": "{\\"companies\\": [1, 2]}"}',
    ],
)
def test_nested_extra_comes_in_each_of_airflows_forms(text):
    assert load(text).extra == {"companies": [1, 2]}


@pytest.mark.parametrize("text", ["sekret", '{"host": sekret', "[]", "a://b:notaport/sekret"])
def test_an_unreadable_connection_names_its_variable_and_not_its_value(text):
    with pytest.raises(ConfigError, match="AIRFLOW_CONN_MY_CRM") as caught:
        load(text)

    assert "sekret" not in str(caught.value)


def test_a_missing_connection_names_the_variable_to_set():
    with pytest.raises(ConfigError, match="AIRFLOW_CONN_MY_CRM is not set"):
        load_connection("my_crm", {})


def test_secrets_do_not_show_in_the_repr():
    assert "p-w" not in repr(load("odoo://me:p-w@h?client_secret=p-w"))
