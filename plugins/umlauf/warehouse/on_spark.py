"""Build on Spark what the nights build on DuckDB, and compare what the two say.

Readers see nothing of it: what is published is DuckDB's.

    <home>/spark/warehouse/     what Spark built
    <home>/spark/landing/       where landing lies in a bucket: its batches, for Spark to read
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from umlauf.errors import ConfigError
from umlauf.landing.lease import SPARK_LEASE, hold_lease
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.storage.bucket_path import BucketPath
from umlauf.storage.mirror import mirror
from umlauf.warehouse.build import Build, build_beside, count_landed
from umlauf.warehouse.spark import spark_engine

log = logging.getLogger(__name__)


def spark_settings(settings: Settings) -> Settings:
    """Return settings whose warehouse is Spark's, beside the nights' own; landing is the same.

    Of a bucket it is a copy on this machine.
    """
    root = settings.landing_root
    landing = _copied(settings) if isinstance(root, BucketPath) else root
    return settings.model_copy(update={"home": settings.spark_home, "landing": landing})


def build_on_spark(
    settings: Settings, sources: Sequence[Source], *, is_full: bool = False
) -> Build:
    """Build and test all that has landed; only what is new since Spark's last build, if it can.

    Raises:
        ConfigError: Spark's packages, Java or the cluster's connection are missing, or a cluster
            is to read a bucket.
        NothingLanded: there is nothing to build from.
        LeaseBusy: another run builds on Spark.
        CheckFailed: a model or a test failed.
    """
    beside, root = spark_settings(settings), settings.landing_root
    if isinstance(root, BucketPath) and settings.spark.connection:
        raise ConfigError(
            f"spark: landing lies in {root}, of which a session of this machine reads a copy; a "
            "cluster would need a way of its own (docs/decisions/0074). Take spark.connection away"
        )
    engine = spark_engine(beside)
    with hold_lease(settings.leases, SPARK_LEASE, settings.lease_wait_seconds) as lease:
        landed = count_landed(settings, sources)
        if isinstance(root, BucketPath):
            log.info("%d batches fetched from %s", mirror(root, _copied(settings)), root)
        return build_beside(beside, sources, landed, lease, engine, is_full=is_full)


def _copied(settings: Settings) -> Path:
    return settings.spark_home / "landing"
