"""What lies where below a home; landing may lie elsewhere (`Settings.landing_root`)."""

from __future__ import annotations

from pathlib import Path


class Home:
    """Names of the folders and files below `home`."""

    home: Path

    @property
    def cache(self) -> Path:
        """Folder of what has been read of landing before; it may be removed at any time."""
        return self.home / "cache"

    @property
    def warehouse(self) -> Path:
        """Folder of the disposable warehouse."""
        return self.home / "warehouse"

    @property
    def warehouse_file(self) -> Path:
        """DuckDB file that only dbt writes."""
        return self.warehouse / "warehouse.duckdb"

    @property
    def spark_home(self) -> Path:
        """Folder of what Spark builds beside the nights; as disposable as the warehouse."""
        return self.home / "spark"

    @property
    def marts_file(self) -> Path:
        """Published snapshot that everyone reads."""
        return self.home / "marts" / "marts.duckdb"

    @property
    def reports(self) -> Path:
        """Folder of the morning page and the Data Docs."""
        return self.home / "reports"

    @property
    def sandbox(self) -> Path:
        """Folder of the sandbox company."""
        return self.home / "sandbox"

    @property
    def leases(self) -> Path:
        """Folder of the lease files."""
        return self.home / "leases"
