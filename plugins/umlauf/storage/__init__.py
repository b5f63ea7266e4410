"""Storage: where landing lies, a folder or a bucket."""
