"""The published snapshot once more in PostgreSQL, for BI tools (docs/decisions/0066).

umlauf_marts                 what only the publisher touches: `published`, a row that names the
                             build readers see, and a partitioned table for each shape of a mart
"umlauf <build id>"          a build's partitions; the published build and the one before stay
pipeline, inventory, ...     views for readers: the partition of the published build
"""
