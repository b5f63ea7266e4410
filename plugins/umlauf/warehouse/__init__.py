"""Warehouse: one disposable DuckDB file, rebuilt from landing and written by dbt alone."""
