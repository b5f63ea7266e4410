"""Landing: the truth. Append-only Parquet batches, committed by one rename, kept for ever."""
