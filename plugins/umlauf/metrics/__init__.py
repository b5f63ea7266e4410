"""Headline numbers, each defined once in dbt, compiled by MetricFlow, asked of the snapshot."""
