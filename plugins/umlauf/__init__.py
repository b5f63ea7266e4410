"""Umlauf: every night, one trusted picture of deal -> stock -> cash."""

__version__ = "0.1.0"
