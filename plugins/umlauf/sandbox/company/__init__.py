"""The simulated company, seeded and reproducible: `make` writes its whole life."""

from umlauf.sandbox.company.make import DEFAULT_END, make

__all__ = ["DEFAULT_END", "make"]
