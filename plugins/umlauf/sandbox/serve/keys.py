"""SSH keys of the sandbox's bank, made when first needed and kept in the sandbox's home."""

from __future__ import annotations

import os
from pathlib import Path

import paramiko
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def host_key(home: Path) -> paramiko.PKey:
    """Return the SFTP server's key: the same one as long as the sandbox's home exists."""
    return _kept(home / "sandbox" / "bank" / "sftp_host_key")


def client_key(home: Path) -> paramiko.PKey:
    """Return the key that may log in; its file holds the private half, in OpenSSH's format."""
    return _kept(client_key_file(home))


def client_key_file(home: Path) -> Path:
    """Return where the private key is that may log in."""
    return home / "sandbox" / "bank" / "sftp_client_key"


def public_text(key: paramiko.PKey) -> str:
    """Return a key as it stands in known_hosts: `ssh-ed25519 AAAA...`."""
    return f"{key.get_name()} {key.get_base64()}"


def _kept(file: Path) -> paramiko.PKey:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        text = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()
        )
        partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
        partial.touch(mode=0o600)
        partial.write_bytes(text)
        partial.replace(file)
    return paramiko.Ed25519Key.from_private_key_file(str(file))
