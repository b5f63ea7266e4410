"""Erase people's records for ever, because the law says so (docs/decisions/0072)."""
