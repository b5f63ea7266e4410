"""The sandbox's three systems, landed over HTTP into a bucket: the same files, the same marts."""

import os
from datetime import date, timedelta
from unittest import mock

import pytest

from umlauf.health.damage import verify
from umlauf.nightly import Night, finish_night, land_one, restore
from umlauf.sandbox.clock import read_clock
from umlauf.sandbox.company.make import make
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.servers import running_apart
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources
from umlauf.storage.bucket_path import below
from umlauf.warehouse.published import recorded_hashes

pytestmark = pytest.mark.e2e

END = date(2026, 11, 17)
HASTE = {name: {"requests_per_second": 1e6} for name in ("bank", "hubspot", "odoo")}


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    make(folder, 0.01, 7, END, months=3)
    return folder


def night(settings, now):
    """Land all three sources and return the landed files."""
    for name in HASTE:
        land_one(settings, name, END, clock=lambda: now)
    root = settings.landing_root
    found = root.glob("*/*/day=*/*")
    return {below(root, file): file.read_bytes() for file in found}


def test_a_night_in_a_bucket_is_the_night_in_a_folder(company, s3, tmp_path, caplog):
    now = read_clock(company)
    s3.fault("NONE")
    in_folder = load_settings(home=tmp_path / "folder", sources=HASTE)
    in_bucket = load_settings(
        home=tmp_path / "bucket", landing=f"s3://{s3.new_bucket()}/landing", sources=HASTE
    )
    with running_apart(company) as addresses:
        known = connections(addresses) | s3.connection()
        with mock.patch.dict(os.environ, known):
            assert night(in_bucket, now) == night(in_folder, now)
            finish_night(Night(), in_folder, lambda: now)
            with caplog.at_level("INFO"):
                finish_night(Night(), in_bucket, lambda: now)

            assert "Running with dbt" in caplog.text
            assert "full parse" not in caplog.text  # dbt begins with what it parsed for the folder
            hashes = recorded_hashes(in_folder)
            assert len(hashes) > 30
            assert recorded_hashes(in_bucket) == hashes
            assert verify(in_bucket, all_sources(), lambda: now).troubles == ()
            assert restore(in_bucket, lambda: now + timedelta(hours=1)).changed == ()
    logged = [file for file in in_bucket.home.rglob("*") if file.is_file()]
    assert not [file for file in logged if b"kept-to-itself" in file.read_bytes()]
