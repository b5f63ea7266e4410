"""Make or migrate Airflow's database: one process instead of a CLI call of many seconds.

Run as `python -m umlauf.local.prepare_airflow`; the configuration is in the environment.
"""

from __future__ import annotations

import logging


def main() -> None:
    """Create the tables of a new database, migrate those of an older version."""
    from airflow.configuration import conf
    from airflow.utils import db

    logging.getLogger("alembic").setLevel(logging.WARNING)
    db.initdb()
    if conf.get("core", "executor") == "CeleryExecutor":
        make_result_tables()


def make_result_tables() -> None:
    """Create the tables of Celery's results: of workers that start together, all would at once."""
    from airflow.providers.celery.executors.celery_executor import app

    app.backend.ResultSession().close()


if __name__ == "__main__":
    main()
