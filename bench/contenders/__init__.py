"""Ways to get the same records from the same server; each runs in a process of its own."""
