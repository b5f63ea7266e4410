"""OpenLineage: what ran, what it read and wrote, down to columns, for catalogues that listen."""
