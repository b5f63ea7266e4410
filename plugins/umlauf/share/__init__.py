"""What partners receive: rows and columns of the published marts, cut before writing."""
