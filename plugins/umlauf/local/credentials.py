"""Keys and passwords of the local platform: made once, kept in `<home>/airflow`, mode 0600."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

USER = "admin"


@dataclass(frozen=True, kw_only=True, repr=False)
class Credentials:
    """What the platform's parts show each other; printed are those for people alone.

    `password` is Airflow's, `reader_password` that of BI tools in PostgreSQL, those of Superset
    begin with its name.
    """

    password: str
    postgres_password: str
    reader_password: str
    jwt_secret: str
    secret_key: str
    fernet_key: str
    superset_password: str
    superset_secret_key: str
    redis_password: str


def load_credentials(home: Path) -> Credentials:
    """Return the credentials, making them on first use; also writes Airflow's password file."""
    file = home / "airflow" / "credentials.json"
    made = {
        "password": secrets.token_urlsafe(12),
        "postgres_password": secrets.token_urlsafe(24),
        "reader_password": secrets.token_urlsafe(12),
        "jwt_secret": secrets.token_urlsafe(64),
        "secret_key": secrets.token_urlsafe(32),
        "fernet_key": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "superset_password": secrets.token_urlsafe(12),
        "superset_secret_key": secrets.token_urlsafe(48),
        "redis_password": secrets.token_urlsafe(24),
    }
    kept = json.loads(file.read_text()) if file.exists() else {}
    found = Credentials(**made | kept)  # a home of before one of them gets it now
    if asdict(found) != kept:
        _write_private(file, asdict(found))
    _write_private(password_file(home), {USER: found.password})
    return found


def password_file(home: Path) -> Path:
    """Return the file from which Airflow's SimpleAuthManager takes passwords."""
    return home / "airflow" / "passwords.json"


def _write_private(file: Path, content: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(content, out)
    partial.replace(file)
