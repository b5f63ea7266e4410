"""Publishing: what readers see changes in one atomic step, or not at all."""
