"""Spark as the engine: dbt-spark in `.venv-spark`, with a session of this machine or a cluster.

    <home>/spark/warehouse/tables/<schema>.db/<model>/*.parquet    what a session built
    <home>/spark/warehouse/views/<schema>.<model>/*.parquet        what its published views say
    <home>/spark/warehouse/metastore/                              Derby: which tables there are

A session listens on 127.0.0.1 alone, shows no pages and ends with dbt.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from urllib.parse import urlsplit

from umlauf.errors import ConfigError
from umlauf.settings import PROJECT, Settings
from umlauf.transport.auth import load_connection
from umlauf.warehouse.engine import Engine

DBT = PROJECT / ".venv-spark" / "bin" / "dbt"
_LOCK = PROJECT / "requirements-spark.txt"
_JAVA = 17
# "Already exists", with a page of Java's calls, is what `create schema if not exists` leaves there.
_QUIET = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c: %m%n%ex
logger.metastore.name = org.apache.hadoop.hive.metastore.RetryingHMSHandler
logger.metastore.level = off
"""


def spark_engine(settings: Settings) -> Engine:
    """Return the engine that builds the warehouse of `settings` on Spark.

    Raises:
        ConfigError: its packages, Java or the connection to a cluster are missing; or it is one of
            several companies, whose schemas would be the same in a cluster.
    """
    if settings.tenant and settings.spark.connection:
        raise ConfigError(
            f"spark: {settings.tenant} is one of several companies, and a cluster would hold them "
            "in the same schemas; take spark.connection away: a session builds in the tenant's home"
        )
    if not DBT.exists():
        raise ConfigError(f"spark: no packages in {DBT.parents[1]}; `make spark` installs them")
    return Engine(
        target="spark",
        dbt=DBT,
        versions=(hashlib.sha256(_LOCK.read_bytes()).hexdigest(),),
        clear=_clear,
        environment=_cluster(settings) if settings.spark.connection else _session(settings),
    )


def files_of(settings: Settings, schema: str, name: str, *, is_view: bool) -> str:
    """Return the Parquet files, as a glob, that a session wrote of a mart."""
    folder = f"views/{schema}.{name}" if is_view else f"tables/{schema}.db/{name}"
    return str(settings.warehouse / folder / "*.parquet")


def _session(settings: Settings) -> dict[str, str]:
    """Return the environment of a session; its options are written where Spark reads them."""
    _refuse_other_java()
    folder = settings.warehouse
    options = {
        "spark.master": f"local[{settings.spark.cores}]",
        "spark.driver.memory": settings.spark.memory,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Small tables in many partitions are all overhead.
        "spark.sql.shuffle.partitions": str(settings.spark.cores),
        "spark.sql.warehouse.dir": str(folder / "tables"),
        "spark.local.dir": str(folder / "spilled"),
        # Not extraJavaOptions: whoever sets those shall not lose the folder.
        "spark.driver.defaultJavaOptions": f'"-Dderby.system.home={folder / "metastore"}"',
    } | settings.spark.options
    conf = folder / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    (conf / "log4j2.properties").write_text(_QUIET)
    lines = [f"{name} {value}\n" for name, value in options.items()]
    (conf / "spark-defaults.conf").write_text("".join(lines))
    return {
        "SPARK_CONF_DIR": str(conf),
        "UMLAUF_SPARK_METHOD": "session",
        "UMLAUF_SPARK_VIEWS": str(folder / "views"),
    }


def _cluster(settings: Settings) -> dict[str, str]:
    """Return where the Thrift server is that builds; its password goes where dbt hides it."""
    connection = load_connection(settings.spark.connection or "")
    address = urlsplit(connection.url)
    return {
        "UMLAUF_SPARK_METHOD": "thrift",
        "UMLAUF_SPARK_HOST": address.hostname or "127.0.0.1",
        "UMLAUF_SPARK_PORT": str(address.port or 10000),
        "UMLAUF_SPARK_USER": connection.login,
        # What Hive's clients say: LDAP is user and password.
        "UMLAUF_SPARK_AUTH": "LDAP" if connection.password else "NONE",
        "DBT_ENV_SECRET_SPARK_PASSWORD": connection.password,
    }


def _refuse_other_java() -> None:
    java = shutil.which("java")
    if java is None:
        raise ConfigError(
            f"spark: no `java` on the path; Spark needs Java {_JAVA} or later: "
            "install openjdk-17-jre-headless, or what your system calls it"
        )
    asked = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', asked.stderr)
    if not found or int(found[1]) < _JAVA:
        said = asked.stderr.splitlines()[0] if asked.stderr else "nothing"
        raise ConfigError(f"spark: Java {_JAVA} or later is needed, `java -version` says {said!r}")


def _clear(settings: Settings) -> None:
    for name in ("tables", "views", "metastore", "spilled"):
        shutil.rmtree(settings.warehouse / name, ignore_errors=True)
