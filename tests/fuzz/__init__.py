"""Hostile inputs: mutated from real ones, and a corpus of those that once broke something."""
