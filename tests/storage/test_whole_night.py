"""The sandbox's three systems, landed over HTTP into a bucket: the same files, the same marts."""

import shutil
from datetime import date, timedelta

import pytest

from umlauf.health.damage import verify
from umlauf.nightly import Night, finish_night, land_one, restore
from umlauf.publish.engines import compare_with_spark
from umlauf.sandbox.clock import advance, read_clock
from umlauf.sandbox.company.make import make
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.servers import running_apart
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources
from umlauf.storage.bucket_path import below
from umlauf.warehouse.build import build_new
from umlauf.warehouse.on_spark import build_on_spark
from umlauf.warehouse.published import recorded_hashes
from umlauf.warehouse.spark import DBT

pytestmark = pytest.mark.e2e

END = date(2026, 11, 17)
HASTE = {name: {"requests_per_second": 1e6} for name in ("bank", "hubspot", "odoo")}


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    make(folder, 0.01, 7, END, months=3)
    return folder


@pytest.fixture(scope="module", autouse=True)
def systems(company, s3):
    """Serve the three systems and the bucket's server; say where they are."""
    s3.fault("NONE")
    with running_apart(company) as addresses, pytest.MonkeyPatch.context() as environment:
        for name, value in (connections(addresses) | s3.connection()).items():
            environment.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def in_folder(tmp_path_factory):
    return load_settings(home=tmp_path_factory.mktemp("home") / "folder", sources=HASTE)


@pytest.fixture(scope="module")
def in_bucket(tmp_path_factory, s3):
    home = tmp_path_factory.mktemp("home") / "bucket"
    return load_settings(home=home, landing=f"s3://{s3.new_bucket()}/landing", sources=HASTE)


def night(settings, day, now):
    """Land all three sources and return the landed files."""
    for name in HASTE:
        land_one(settings, name, day, clock=lambda: now)
    return landed(settings.landing_root)


def landed(root):
    return {below(root, file): file.read_bytes() for file in root.glob("*/*/day=*/*")}


def copy(root, target):
    for name, content in landed(root).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


def test_a_night_in_a_bucket_is_the_night_in_a_folder(company, in_folder, in_bucket, caplog):
    now = read_clock(company)
    assert night(in_bucket, END, now) == night(in_folder, END, now)
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


def test_a_home_goes_on_in_the_bucket_and_back_in_a_folder(
    company, in_folder, s3, tmp_path, caplog
):
    """docs/how-to/past-one-machine.md: copied files and one setting, either way."""
    landing = f"s3://{s3.new_bucket()}/landing"
    moved = load_settings(home=in_folder.home, landing=landing, sources=HASTE)
    copy(in_folder.landing_root, moved.landing_root)
    assert build_new(moved, all_sources()) is None  # all that was copied has been shown
    advance(company)
    now = read_clock(company)

    night(moved, END + timedelta(days=1), now)
    with caplog.at_level("INFO"):
        finish_night(Night(), moved, lambda: now)
    assert "building all anew" not in caplog.text

    back = load_settings(home=in_folder.home, landing=tmp_path / "back", sources=HASTE)
    copy(moved.landing_root, back.landing_root)
    assert verify(back, all_sources(), lambda: now).troubles == ()
    assert build_new(back, all_sources()) is None
    assert restore(back, lambda: now + timedelta(hours=1)).changed == ()


@pytest.mark.skipif(not DBT.exists(), reason="no packages of Spark: `make spark` installs them")
@pytest.mark.skipif(shutil.which("java") is None, reason="no Java: Spark needs version 17")
def test_spark_builds_from_the_bucket_what_duckdb_builds(in_bucket):
    build_new(in_bucket, all_sources())

    build_on_spark(in_bucket, all_sources())

    compared = compare_with_spark(in_bucket)
    assert len(compared) > 40
    assert [one for one in compared if not one.is_same] == []
