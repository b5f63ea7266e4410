"""A folder or object of a bucket, in those words of `pathlib.Path` that landing uses.

So whoever reads landing need not know where it lies: `AnyPath` is either. Folders are only the
beginnings of keys, so making one costs nothing, and nothing is ever half written: a name appears
with its whole content (umlauf.storage.commit).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from umlauf.storage.bucket import Bucket, ObjectStated

SCHEME = "s3://"
CONNECTION = "landing_s3"
_AT_ONCE = 16  # copies: each is one request that moves no data
_URL = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(?P<key>[^?#*\[\]]+)")


@dataclass(frozen=True, kw_only=True)
class Stat:
    """Size in bytes and time of writing, as `os.stat` calls them; `etag` tells versions apart."""

    st_size: int
    st_mtime: float
    etag: str


@dataclass(frozen=True, order=True)
class BucketPath:
    """A place in a bucket; what a listing said of it comes with it.

    `at_hand` is a local folder for what is on its way to or from the bucket; `connection` is the
    id of the one that opens it.
    """

    bucket_name: str
    key: PurePosixPath
    at_hand: Path = field(compare=False)
    connection: str = field(default=CONNECTION, compare=False)
    stated: ObjectStated | None = field(default=None, compare=False, repr=False)

    @classmethod
    def parse(cls, url: str, at_hand: Path, connection: str = CONNECTION) -> BucketPath:
        """Return the place that an `s3://bucket/folder` names.

        Raises:
            ValueError: it names none.
        """
        if not (match := _URL.fullmatch(url.rstrip("/"))):
            raise ValueError("expected s3://bucket/folder")
        return cls(match["bucket"], PurePosixPath(match["key"]), at_hand, connection)

    @property
    def bucket(self) -> Bucket:
        """The bucket it is in."""
        # Here, because its client takes a moment to load, and most landings are folders.
        from umlauf.storage.bucket import Bucket

        return Bucket(self.bucket_name, self.connection)

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket_name}/{self.key}"

    def __truediv__(self, name: str | PurePath) -> BucketPath:
        return self._at(self.key / PurePosixPath(name))

    @property
    def name(self) -> str:
        """Last part of the key."""
        return self.key.name

    @property
    def stem(self) -> str:
        """Last part of the key without its suffix."""
        return self.key.stem

    @property
    def suffix(self) -> str:
        """The name's last suffix."""
        return self.key.suffix

    @property
    def parent(self) -> BucketPath:
        """The folder it is in."""
        return self._at(self.key.parent)

    def with_name(self, name: str) -> BucketPath:
        """Return its neighbour of that name."""
        return self._at(self.key.with_name(name))

    def relative_to(self, root: BucketPath) -> PurePosixPath:
        """Return its path from a folder above it."""
        return self.key.relative_to(root.key)

    def glob(self, pattern: str) -> Iterator[BucketPath]:
        """Yield the objects below whose path fits, in order; `*` fits no slash.

        One listing, from the parts of the pattern without `*` on.
        """
        parts = PurePosixPath(pattern).parts
        literal = next(at for at, part in enumerate((*parts, "*")) if "*" in part)
        for found in (self / PurePosixPath(*parts[:literal])).rglob():
            inner = found.relative_to(self)
            if len(inner.parts) == len(parts) and inner.match(pattern):
                yield found

    def rglob(self, pattern: str = "*") -> Iterator[BucketPath]:
        """Yield all objects below whose name fits, in order, with what the listing says of them."""
        for stated in self.bucket.listed(str(self.key)):
            found = replace(self._at(PurePosixPath(stated.key)), stated=stated)
            if found.key.match(pattern):
                yield found

    def exists(self) -> bool:
        """Ask whether there is such an object."""
        return self.bucket.look(str(self.key)) is not None

    def stat(self) -> Stat:
        """Return what the listing that found it said, or what the server says now.

        Raises:
            FileNotFoundError: there is no such object.
        """
        stated = self.stated or self.bucket.look(str(self.key))
        if stated is None:
            raise FileNotFoundError(f"{self}: no such object")
        return Stat(st_size=stated.size, st_mtime=stated.modified_at.timestamp(), etag=stated.etag)

    def read_bytes(self) -> bytes:
        """Return the object's bytes."""
        return self.bucket.get(str(self.key))

    def write_bytes(self, content: bytes) -> None:
        """Put the object, whatever is there."""
        self.bucket.overwrite(str(self.key), content)

    def touch(self) -> None:
        """Put an empty object."""
        self.write_bytes(b"")

    def mkdir(self, *, parents: bool = False, exist_ok: bool = False) -> None:
        """Do nothing: a folder is there once something is in it."""

    def copy_all(self, target: BucketPath) -> None:
        """Copy all objects below to `target`, on the server."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for done in [
                pool.submit(self.bucket.copy, str(file.key), str((target / below(self, file)).key))
                for file in self.rglob()
            ]:
                done.result()

    def remove_all(self) -> None:
        """Remove all objects below."""
        self.bucket.delete(*(str(file.key) for file in self.rglob()))

    def _at(self, key: PurePosixPath) -> BucketPath:
        return BucketPath(self.bucket_name, key, self.at_hand, self.connection)


AnyPath = Path | BucketPath


def version_of(file: AnyPath) -> str:
    """Return what tells this content of a file from any other that has had its name.

    In a folder it says nothing to other machines, and nothing of bytes that a disk has lost.

    Raises:
        FileNotFoundError: it is not there.
    """
    if isinstance(file, BucketPath):
        return file.stat().etag
    stat = file.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ino}"


def placed(root: AnyPath, name: AnyPath | str) -> AnyPath:
    """Return the landed file that a database called `name`, as one of the kind of `root`."""
    text = str(name)
    if isinstance(root, BucketPath):
        key = PurePosixPath(text.removeprefix(f"{SCHEME}{root.bucket_name}/"))
        return BucketPath(root.bucket_name, key, root.at_hand, root.connection)
    return Path(text)


def below(root: AnyPath, file: AnyPath) -> str:
    """Return the file's name below `root`, which is the same wherever landing lies.

    Raises:
        ValueError: it does not lie there.
    """
    folder, name = f"{root}/", str(file)
    if not name.startswith(folder):
        raise ValueError(f"{file} is not below {root}")
    return name.removeprefix(folder)
