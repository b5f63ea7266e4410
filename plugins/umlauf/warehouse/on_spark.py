"""Build on Spark what the nights build on DuckDB, and compare what the two say.

Readers see nothing of it: what is published is DuckDB's.
"""

from __future__ import annotations

from collections.abc import Sequence

from umlauf.landing.lease import hold_lease
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.warehouse.build import Build, build_beside, count_landed
from umlauf.warehouse.spark import spark_engine

NAME = "spark"


def spark_settings(settings: Settings) -> Settings:
    """Return settings whose warehouse is Spark's, beside the nights' own; landing is the same."""
    return settings.model_copy(
        update={"home": settings.home / NAME, "landing": settings.landing_root}
    )


def build_on_spark(
    settings: Settings, sources: Sequence[Source], *, is_full: bool = False
) -> Build:
    """Build and test all that has landed; only what is new since Spark's last build, if it can.

    Raises:
        ConfigError: Spark's packages, Java or the cluster's connection are missing.
        NothingLanded: there is nothing to build from.
        LeaseBusy: another run builds on Spark.
        CheckFailed: a model or a test failed.
    """
    beside = spark_settings(settings)
    engine = spark_engine(beside)
    with hold_lease(settings.leases, NAME, settings.lease_wait_seconds) as lease:
        landed = count_landed(settings, sources)
        return build_beside(beside, sources, landed, lease, engine, is_full=is_full)
