"""The morning page: last night's pipeline, stock and cash on one self-contained page."""
