"""Dashboards as code: Superset's own assets below `dashboards/`, checked against the marts.

    dashboards/databases/marts.yaml            where the marts are; a start puts in its own address
    dashboards/datasets/<schema>/<name>.yaml   a mart, or a query that joins one to its names
    dashboards/charts/<dashboard>/<name>.yaml  one question
    dashboards/dashboards/<name>.yaml          which charts stand where, and the filters above them

Every file is what Superset exports, less what differs between two exports of the same thing.
"""
