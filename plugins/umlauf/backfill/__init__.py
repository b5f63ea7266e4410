"""Backfill: days fetched again and marts built anew beside the readers', compared, then swapped.

docs/decisions/0064 says what waits for whom.
"""
