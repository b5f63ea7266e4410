"""Reads bytes the way landing does: a file and a place for its entries."""

from hashlib import sha256
from io import BytesIO

from umlauf.formats.read import read_bank_file


def read(data):
    """Return what the file contained, and its entries."""
    entries = []
    found = read_bank_file(BytesIO(data), sha256(data).hexdigest(), entries.append)
    return found, entries
