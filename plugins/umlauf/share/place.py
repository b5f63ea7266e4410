"""Where shares are kept until they are delivered, and what is known of them.

    <home>/shares/<partner>/<build_id>-<version>/            what was cut: files of one share
    <home>/shares/<partner>/<build_id>-<version>.approved    a person lets it out as it is
    <home>/shares/<partner>/<build_id>-<version>.delivered   its manifest, when and where to

`version` is the declaration's: a changed one is another share. A folder is there whole or not at
all and never changes; the last ones stay (`kept_snapshots`), and all receipts: from them it is read
what was delivered last.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from umlauf.settings import Settings
from umlauf.share.declaration import Declaration
from umlauf.storage.commit import sync_folder

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
_RECEIPT = "delivered"


@dataclass(frozen=True, kw_only=True)
class Share:
    """One partner's share of one build; its folder may not be there yet."""

    folder: Path

    @property
    def name(self) -> str:
        """Build and version of the declaration."""
        return self.folder.name

    @property
    def is_made(self) -> bool:
        """Whether it has been cut."""
        return self.folder.is_dir()

    @property
    def is_approved(self) -> bool:
        """Whether a person lets it out, whatever would hold it."""
        return self._mark("approved").exists()

    @property
    def receipt(self) -> Mapping[str, Any] | None:
        """Its manifest with `delivered_at` and `deliver_to`; None before it is delivered."""
        return json.loads(file.read_bytes()) if (file := self._mark(_RECEIPT)).exists() else None

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What it says of itself."""
        stated: Mapping[str, Any] = json.loads((self.folder / MANIFEST).read_bytes())
        return stated

    @property
    def files(self) -> list[Path]:
        """All files, the checksums last: who waits for them never reads half."""
        return sorted(self.folder.iterdir(), key=lambda file: (file.name == SUMS, file.name))

    def approve(self, reasons: Iterable[str]) -> None:
        """Let it out as it is, whatever these reasons to hold it."""
        self._mark("approved").write_text("".join(f"{reason}\n" for reason in reasons))

    def note_delivered(self, deliver_to: str, at: datetime) -> None:
        """Keep a receipt; `at` is aware UTC."""
        receipt = {**self.manifest, "delivered_at": at.isoformat(), "deliver_to": deliver_to}
        file = self._mark(_RECEIPT)
        partial = file.with_name(f"{file.name}.partial")
        with partial.open("w") as out:
            json.dump(receipt, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(file)
        sync_folder(file.parent)

    def _mark(self, kind: str) -> Path:
        return self.folder.with_name(f"{self.name}.{kind}")


def shares_root(settings: Settings) -> Path:
    """Return the folder of all partners' shares."""
    return settings.home / "shares"


def share_of_build(settings: Settings, declaration: Declaration, build_id: str) -> Share:
    """Return the declared share of a build, whether or not it has been cut."""
    name = f"{build_id}-{declaration.version}"
    return Share(folder=shares_root(settings) / declaration.partner / name)


def last_receipt(settings: Settings, partner: str) -> Mapping[str, Any] | None:
    """Return the receipt of what was delivered last, None before the first."""
    files = (shares_root(settings) / partner).glob(f"*.{_RECEIPT}")
    receipts = [json.loads(file.read_bytes()) for file in files]
    return max(receipts, key=lambda receipt: receipt["delivered_at"], default=None)


def prune(settings: Settings, partner: str) -> None:
    """Remove the folders of all but the last shares that were cut; receipts stay."""
    folders = filter(Path.is_dir, (shares_root(settings) / partner).iterdir())
    by_age = sorted(folders, key=lambda folder: folder.stat().st_mtime_ns, reverse=True)
    for folder in by_age[settings.kept_snapshots + 1 :]:
        shutil.rmtree(folder)
