"""An S3 bucket: what landing asks of one, and what its refusals mean for whoever runs us.

Credentials are an Airflow connection, `landing_s3`, as Airflow's own AWS connections are written:
login and password are key and secret; `extra` may have endpoint_url, region_name and
aws_session_token. https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/connections/aws.html
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import S3Store

from umlauf.errors import ConfigError, LandingUnavailable
from umlauf.spec import Connection
from umlauf.storage.bucket_path import CONNECTION
from umlauf.transport.auth import load_connection
from umlauf.transport.secrets import redact_url, scrub

_PAGE = 1000  # what a server gives at most for one question
_CHUNK = 4 * 1024 * 1024
# 5xx, and connections that come to nothing, over some ten seconds; each wait is drawn by lot.
_RETRIES = {
    "max_retries": 9,
    "backoff": {
        "init_backoff": timedelta(milliseconds=100),
        "max_backoff": timedelta(seconds=5),
        "base": 2,
    },
    "retry_timeout": timedelta(seconds=60),
}
_CODE = re.compile(r"<Code>(\w+)</Code>")
_REFUSED = {
    "InvalidAccessKeyId": "the server does not know the key: correct its login",
    "SignatureDoesNotMatch": "key and secret do not belong together: correct its password",
    "InvalidToken": "its session token is wrong: correct aws_session_token",
    "ExpiredToken": "its session token has expired: enter a new one",
    "AuthorizationHeaderMalformed": "the bucket is of another region: correct region_name",
    "PermanentRedirect": "the bucket is of another region: correct region_name",
    "RequestTimeTooSkewed": "this machine's clock is not the server's: set it right (NTP)",
    "AccessDenied": "the key may not do this: let it list the bucket, and get, put and delete",
}


@dataclass(frozen=True, kw_only=True)
class ObjectStated:
    """What the server says of an object; `size` in bytes, `modified_at` aware UTC."""

    key: str
    size: int
    modified_at: datetime
    etag: str


@dataclass(frozen=True, kw_only=True)
class Access:
    """A server, empty for Amazon's own, and credentials; they are never shown."""

    endpoint: str
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    session_token: str = field(repr=False)

    @property
    def where(self) -> str:
        """The server, as people are told of it."""
        return redact_url(self.endpoint) if self.endpoint else "Amazon S3"


@dataclass(frozen=True)
class Bucket:
    """A bucket, opened when it is first asked."""

    name: str
    conn_id: str = CONNECTION

    @property
    def connection(self) -> Connection:
        """The connection, with credentials.

        Raises:
            ConfigError: there is none, or it lacks key or secret.
        """
        found = load_connection(self.conn_id)
        if not (found.login and found.password):
            raise ConfigError(
                f"connection {self.conn_id!r}: the bucket {self.name!r} needs a key as its login "
                "and the key's secret as its password"
            )
        return found

    @property
    def access(self) -> Access:
        """Where the server is, and what it lets us in by."""
        found = self.connection
        return Access(
            endpoint=str(found.extra.get("endpoint_url") or found.url),
            region=str(found.extra.get("region_name") or "us-east-1"),
            key=found.login,
            secret=found.password,
            session_token=str(found.extra.get("aws_session_token") or ""),
        )

    @property
    def _store(self) -> S3Store:
        return _opened(self.name, self.access)

    def listed(self, prefix: str) -> Iterator[ObjectStated]:
        """Yield all objects below the folder `prefix`, however many pages that takes."""
        with self._telling("list"):
            for page in obstore.list(self._store, prefix or None, chunk_size=_PAGE):
                yield from map(_stated, page)

    def look(self, key: str) -> ObjectStated | None:
        """Return what the server says of an object; None if there is none."""
        try:
            with self._telling("look at", key):
                return _stated(obstore.head(self._store, key))
        except FileNotFoundError:
            return None

    def get(self, key: str) -> bytes:
        """Return an object's bytes.

        Raises:
            FileNotFoundError: there is none.
        """
        with self._telling("read", key):
            return bytes(obstore.get(self._store, key).bytes())

    def tail(self, key: str, size: int) -> bytes:
        """Return the last `size` bytes of an object, or all it has; it must not be empty."""
        with self._telling("read", key):
            found = obstore.get(self._store, key, options={"range": {"suffix": size}})
            return bytes(found.bytes())

    def download(self, key: str, target: Path) -> None:
        """Write an object's bytes to a file."""
        with self._telling("read", key), target.open("wb") as out:
            for chunk in obstore.get(self._store, key).stream(min_chunk_size=_CHUNK):
                out.write(chunk)

    def create(self, key: str, content: bytes | bytearray) -> None:
        """Put an object where there is none: one request, of which one writer alone succeeds.

        When the answer is lost nobody knows whether it was put: asked again, the server says that
        it is there, and what is there is compared with what we put.

        Raises:
            FileExistsError: somebody else has put another one.
        """
        self._put(key, content, "create")

    def replace(self, key: str, content: bytes | bytearray, etag: str) -> None:
        """Put an object over the one that had `etag` when it was looked at.

        Raises:
            FileExistsError: somebody else has put another one since, or removed it.
        """
        self._put(key, content, {"e_tag": etag})

    def overwrite(self, key: str, content: bytes) -> None:
        """Put an object, whatever is there."""
        with self._telling("put", key):
            obstore.put(self._store, key, content, use_multipart=False)

    def upload(self, key: str, file: Path) -> None:
        """Put a file whose name says its content: whoever put it before, put the same."""
        with self._telling("put", key):
            obstore.put(self._store, key, file)

    def copy(self, key: str, to: str) -> None:
        """Copy an object, on the server."""
        with self._telling("copy", key):
            obstore.copy(self._store, key, to)

    def delete(self, *keys: str) -> None:
        """Remove objects; those that are gone already do not matter."""
        if keys:
            with self._telling("delete"):
                obstore.delete(self._store, list(keys))

    def _put(self, key: str, content: bytes | bytearray, mode: Any) -> None:
        for is_last in (False, False, True):
            try:
                with self._telling("put", key):
                    obstore.put(self._store, key, content, mode=mode, use_multipart=False)
                return
            except (AlreadyExistsError, PreconditionError):
                held = self._held(key)
                if held == content:
                    return  # by us, and the answer was lost
                if held is not None or mode != "create" or is_last:
                    raise FileExistsError(f"{self.name}/{key}: another has put it") from None
                # Else another's put was under way, and came to nothing.
            except LandingUnavailable:
                # The library asks again where that is safe for certain; a put is so because of the
                # comparison above.
                if is_last:
                    raise

    def _held(self, key: str) -> bytes | None:
        try:
            return self.get(key)
        except FileNotFoundError:
            return None

    @contextmanager
    def _telling(self, verb: str, key: str = "") -> Iterator[None]:
        """Say what an error of the server means."""
        try:
            yield
        except (AlreadyExistsError, PreconditionError):
            raise
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise self._no_bucket() from None
            gone = errno.ENOENT, os.strerror(errno.ENOENT), f"s3://{self.name}/{key}"
            raise FileNotFoundError(*gone) from None
        except BaseError as error:
            raise self._meaning(verb, str(error)) from None

    def _meaning(self, verb: str, text: str) -> ConfigError | LandingUnavailable:
        code = (_CODE.findall(text) or [""])[0]
        if code == "NoSuchBucket":
            return self._no_bucket()
        where = self.access.where
        if code in _REFUSED:
            return ConfigError(
                f"landing: {where} does not let us {verb} in the bucket {self.name!r} ({code}): "
                f"{_REFUSED[code]} (connection {self.conn_id!r})"
            )
        said = scrub(_first_line(text), self.access.secret, self.access.session_token)
        return LandingUnavailable(
            f"landing: could not {verb} in the bucket {self.name!r} at {where}: {said}. What has "
            "landed stays landed; see whether the server is up, then run again"
        )

    def _no_bucket(self) -> ConfigError:
        where = self.access.where
        return ConfigError(
            f"landing: there is no bucket {self.name!r} at {where}: create it, or correct "
            f"UMLAUF_LANDING or the connection {self.conn_id!r}"
        )


@lru_cache(maxsize=4)
def _opened(name: str, access: Access) -> S3Store:
    given: dict[str, Any] = {
        "access_key_id": access.key,
        "secret_access_key": access.secret,
        "region": access.region,
    }
    if access.endpoint:
        given["endpoint"] = access.endpoint
    if access.session_token:
        given["session_token"] = access.session_token
    client: Any = {"allow_http": access.endpoint.startswith("http://")}
    retries: Any = _RETRIES
    return S3Store(name, client_options=client, retry_config=retries, **given)


def _stated(meta: Any) -> ObjectStated:
    return ObjectStated(
        key=meta["path"],
        size=meta["size"],
        modified_at=meta["last_modified"],
        etag=meta["e_tag"] or "",
    )


def _first_line(error: object) -> str:
    return str(error).partition("\n")[0]
