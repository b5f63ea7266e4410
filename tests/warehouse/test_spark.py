"""What a user is told when Spark cannot be started, and how a session and a cluster are told."""

import pytest

from umlauf.errors import ConfigError
from umlauf.nested_settings import SparkSettings
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources
from umlauf.warehouse import spark
from umlauf.warehouse.on_spark import build_on_spark
from umlauf.warehouse.spark import spark_engine


@pytest.fixture
def java(monkeypatch, tmp_path):
    """Return a function that puts a `java` of some version, and the packages, in place."""
    (tmp_path / "dbt").touch()
    monkeypatch.setattr(spark, "DBT", tmp_path / "dbt")

    def install(said):
        program = tmp_path / "bin" / "java"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))

    return install


def test_without_packages_it_says_what_installs_them(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(spark, "DBT", tmp_path / "bin" / "dbt")

    with pytest.raises(ConfigError, match=r"no packages in .*`make spark` installs them"):
        spark_engine(settings)


def test_a_cluster_and_a_bucket_are_refused_before_anything_starts(tmp_path):
    asked = SparkSettings(connection="lake")
    settings = load_settings(home=tmp_path, landing="s3://lake/landing", spark=asked)

    with pytest.raises(ConfigError, match=r"landing lies in s3://lake/landing.* a cluster would"):
        build_on_spark(settings, all_sources())


def test_without_java_it_says_which_is_needed(settings, java, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))

    with pytest.raises(ConfigError, match="no `java` on the path; Spark needs Java 17"):
        spark_engine(settings)


def test_an_older_java_is_named(settings, java):
    java('openjdk version "11.0.2" 2019-01-15')

    with pytest.raises(ConfigError, match=r"Java 17 or later is needed.*11\.0\.2"):
        spark_engine(settings)


def test_a_session_listens_nowhere_else_and_is_bounded(settings, java):
    java('openjdk version "17.0.15" 2025-04-15')
    asked = SparkSettings(cores=3, memory="512m", options={"spark.sql.shuffle.partitions": "9"})

    engine = spark_engine(settings.model_copy(update={"spark": asked}))

    told = (settings.warehouse / "conf" / "spark-defaults.conf").read_text()
    options = dict(line.split(" ", 1) for line in told.splitlines())
    assert engine.environment["SPARK_CONF_DIR"] == str(settings.warehouse / "conf")
    assert options["spark.master"] == "local[3]"
    assert options["spark.driver.memory"] == "512m"
    assert options["spark.sql.shuffle.partitions"] == "9"
    assert options["spark.driver.bindAddress"] == options["spark.driver.host"] == "127.0.0.1"
    assert options["spark.ui.enabled"] == "false"


def test_a_cluster_is_a_connection_and_needs_no_java(settings, java, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("AIRFLOW_CONN_LAKE", "hive://builder:secret@spark.example.com:10001")
    asked = SparkSettings(connection="lake")

    engine = spark_engine(settings.model_copy(update={"spark": asked}))

    assert engine.environment == {
        "UMLAUF_SPARK_METHOD": "thrift",
        "UMLAUF_SPARK_HOST": "spark.example.com",
        "UMLAUF_SPARK_PORT": "10001",
        "UMLAUF_SPARK_USER": "builder",
        "UMLAUF_SPARK_AUTH": "LDAP",
        "DBT_ENV_SECRET_SPARK_PASSWORD": "secret",
    }
