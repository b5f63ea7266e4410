"""What is wrong with a bucket is said so that somebody can mend it; no secret is ever told."""

import os
import re

import pytest

from tests.storage.serving import serving
from umlauf.errors import ConfigError, LandingUnavailable
from umlauf.storage.bucket_path import BucketPath
from umlauf.storage.parquet import connect

pytestmark = pytest.mark.integration


def ask_all(root):
    """Return what each way of asking says."""
    said = []
    asks = (
        lambda: list(root.glob("*/*/day=*/*")),
        lambda: (root / "a").read_bytes(),
        lambda: root.bucket.create("landing/a", b""),
    )
    for ask in asks:
        with pytest.raises((ConfigError, LandingUnavailable)) as caught:
            ask()
        said.append(str(caught.value))
    assert not any("kept-to-itself" in text for text in said)
    return said


def test_a_bucket_that_is_not_there_is_named(in_bucket, tmp_path):
    root = BucketPath.parse("s3://nobody-made-it/landing", tmp_path)

    assert all("there is no bucket 'nobody-made-it'" in text for text in ask_all(root))


@pytest.mark.parametrize(
    ("status", "code", "to_do"),
    [
        (403, "InvalidAccessKeyId", "correct its login"),
        (403, "SignatureDoesNotMatch", "correct its password"),
        (403, "RequestTimeTooSkewed", r"clock .*\(NTP\)"),
        (403, "AccessDenied", "get, put and delete"),
    ],
)
def test_a_refusal_says_what_to_do(s3, root, status, code, to_do):
    for method, ask in (
        ("GET", lambda: list(root.glob("*"))),
        ("GET", lambda: (root / "a").read_bytes()),
        ("PUT", lambda: root.bucket.create("landing/a", b"")),
    ):
        s3.fault(method, status=status, code=code)
        with pytest.raises(ConfigError) as caught:
            ask()
        assert re.search(to_do, str(caught.value))
        assert "landing_s3" in str(caught.value)


def test_a_server_that_is_down_is_not_a_damaged_file(in_bucket, monkeypatch):
    with serving() as gone:
        for name, value in gone.connection().items():
            monkeypatch.setenv(name, value)

    with pytest.raises(LandingUnavailable, match="see whether the server is up"):
        list(in_bucket.landing_root.glob("*"))


def test_without_a_connection_its_name_is_told(in_bucket, monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_LANDING_S3")

    with pytest.raises(ConfigError, match="AIRFLOW_CONN_LANDING_S3"):
        list(in_bucket.landing_root.glob("*"))


def test_duckdb_hides_what_it_is_told(in_bucket):
    with connect(in_bucket.landing_root) as connection:
        told = str(connection.execute("from duckdb_secrets()").fetchall())

    assert "secret=redacted" in told
    assert "kept-to-itself" not in told
    assert "kept-to-itself" in os.environ["AIRFLOW_CONN_LANDING_S3"]
