"""Quality: Great Expectations guards the doors, raw streams coming in and marts going out."""
