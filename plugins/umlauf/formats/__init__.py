"""Bank files to records: bytes in, statements and entries out. No network, no landing."""
