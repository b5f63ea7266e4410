"""What is wrong now, and whether what is kept is still what was kept."""
