"""Make or migrate Airflow's database: one process instead of a CLI call of many seconds.

Run as `python -m umlauf.local.prepare_airflow`; the configuration is in the environment.
"""

from __future__ import annotations

import logging


def main() -> None:
    """Create the tables of a new database, migrate those of an older version."""
    from airflow.utils import db

    logging.getLogger("alembic").setLevel(logging.WARNING)
    db.initdb()


if __name__ == "__main__":
    main()
