"""Landing in a bucket of its own, on a real server."""

import pytest

from tests.storage.serving import serving
from umlauf.settings import load_settings


@pytest.fixture(scope="session")
def s3():
    with serving() as server:
        yield server


@pytest.fixture
def in_bucket(s3, tmp_path, monkeypatch):
    """Return settings whose landing lies in a new bucket."""
    s3.fault("NONE")
    for name, value in s3.connection().items():
        monkeypatch.setenv(name, value)
    return load_settings(home=tmp_path / "var", landing=f"s3://{s3.new_bucket()}/landing")


@pytest.fixture
def root(in_bucket):
    return in_bucket.landing_root
