"""All that a receiver can find in the files of a share, by readers that are not ours."""

import subprocess
import zipfile

import pyarrow.parquet as pq


def said(file):
    """Return everything in a file as text: cells, names, metadata, statistics."""
    if file.suffix == ".parquet":
        read = pq.ParquetFile(file)
        groups = [read.metadata.row_group(number) for number in range(read.num_row_groups)]
        raw = file.read_bytes().decode("latin-1")
        return f"{read.read().to_pylist()} {read.schema_arrow} {read.metadata} {groups} {raw}"
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(file) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    return file.read_bytes().decode()


def check_sums(folder):
    """Ask sha256sum itself; it complains of a missing or another file."""
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],  # noqa: S607 - as receivers have it
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.split(":")[0] for line in done.stdout.splitlines()]


def only(place):
    """Return the one folder that was delivered there."""
    (folder,) = place.iterdir()
    return folder
