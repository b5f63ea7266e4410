"""A pinned SSH host key: the only proof that it is the right server we talk to."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

import paramiko

from umlauf.errors import ConfigError, SourceChanged

_RSA = ("rsa-sha2-512", "rsa-sha2-256")


def pinned_types(pinned: str) -> tuple[str, ...]:
    """Return the key algorithms to ask the server for, so that it shows the pinned key."""
    blob = _blob(pinned)
    if blob is None or len(blob) < 8:
        return ()
    kind = blob[4 : 4 + int.from_bytes(blob[:4])].decode("ascii", "replace")
    return _RSA if kind == "ssh-rsa" else (kind,)


def check_host_key(conn_id: str, pinned: str, shown: paramiko.PKey) -> None:
    """Refuse any server but the pinned one, before a password leaves us.

    Raises:
        ConfigError: no key is pinned, or the pin cannot be read; names the key the server shows.
        SourceChanged: the server shows another key; names both.
    """
    actual = fingerprint(shown.asbytes())
    if not pinned.strip():
        raise ConfigError(
            f"connection {conn_id!r}: no host_key is pinned. The server shows {shown.get_name()} "
            f"{actual}; ask whose server it is whether that is right, then set extra host_key to it"
        )
    blob = _blob(pinned)
    expected = fingerprint(blob) if blob is not None else pinned.strip()
    if not expected.startswith("SHA256:"):
        raise ConfigError(
            f"connection {conn_id!r}: host_key is neither a public key nor a SHA256: fingerprint"
        )
    if not hmac.compare_digest(expected.rstrip("="), actual):
        raise SourceChanged(
            f"{conn_id}: the server's host key changed: pinned {expected}, shown {actual}; nothing "
            "was sent. Ask whose server it is before you pin the new one: it may be another server"
        )


def fingerprint(blob: bytes) -> str:
    """Return OpenSSH's SHA-256 fingerprint of a public key blob."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _blob(pinned: str) -> bytes | None:
    words = [word for word in pinned.split() if word.startswith("AAAA")]
    if not words:
        return None
    try:
        return base64.b64decode(words[0], validate=True)
    except binascii.Error:
        return None
