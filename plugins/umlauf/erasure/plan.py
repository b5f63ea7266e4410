"""What an erasure would take away, before anybody says yes; and what may not be erased at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from umlauf.backfill.staging import staged
from umlauf.errors import ConfigError
from umlauf.health.snapshot import read_published
from umlauf.landing.batch import batch_files
from umlauf.landing.erasures import erased_hashes, key_hash
from umlauf.landing.intact import naming_damage
from umlauf.landing.rewrite import Holder, holders, set_aside_batches
from umlauf.publish.kept import snapshots
from umlauf.settings import Settings
from umlauf.spec import Source, Stream
from umlauf.storage.bucket_path import AnyPath
from umlauf.storage.parquet import connect

# Live records that name one of the keys.
_NAMING = """
    select key, count(*)
    from (
        select arg_max(payload, (fetched_at, record_version)) ->> $path as key
        from read_parquet($files)
        group by record_key
        having not arg_max(is_deleted, (fetched_at, record_version))
    )
    where key in (select unnest($keys))
    group by key
    order by key
"""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Records of one stream that would go, with the batches that hold versions of them.

    `gone` have been erased before: there is nothing left of them to erase.
    """

    source: str
    stream: str
    keys: tuple[str, ...]
    gone: tuple[str, ...]
    holders: tuple[Holder, ...]
    set_aside: int
    kept: int
    has_staging: bool
    marts: str

    def versions(self, key: str) -> int:
        """Return how many versions of a record have landed, tombstones included."""
        hashed = key_hash(self.source, self.stream, key)
        return sum(one.versions.get(hashed, 0) for one in self.holders)

    def lines(self) -> list[str]:
        """Say it as people read it before they agree."""
        name = f"{self.source}.{self.stream}"
        told = [f"{name} {key}: has been erased before" for key in self.gone]
        if not self.keys:
            return told
        told += [f"{name} {key}: {self._where(key)}" for key in self.keys]
        told.append(f"affects {self.marts}; built anew without it by `umlauf build`")
        if self.set_aside:
            told.append(f"{self.set_aside} damaged batches that are set aside are emptied as well")
        if self.kept:
            told.append(f"{self.kept} kept snapshots go: there is no rollback to before this")
        if self.has_staging:
            told.append("a backfill that waits for approval is discarded: run it again")
        return told

    def _where(self, key: str) -> str:
        hashed = key_hash(self.source, self.stream, key)
        held = [one for one in self.holders if hashed in one.versions]
        days = " to ".join(f"{one.fetched_at:%Y-%m-%d}" for one in (held[0], held[-1]))
        return f"{self.versions(key)} versions in {len(held)} batches, fetched from {days} UTC"


def plan_erasure(settings: Settings, source: Source, stream: str, keys: Sequence[str]) -> Plan:
    """Return what would go; nothing is changed.

    Raises:
        ConfigError: the stream is not of people; a record has to be kept, or has never landed.
    """
    root, spec = settings.landing_root, _erasable(source, stream)
    wanted = tuple(dict.fromkeys(keys))
    _refuse_held(root, source, spec, wanted)
    hashed = {key: key_hash(source.name, stream, key) for key in wanted}
    erased = erased_hashes(root, source.name, stream)
    found = holders(root, source.name, stream, set(hashed.values()) - erased)
    landed = erased.union(*(one.versions for one in found))
    if unknown := [key for key in wanted if hashed[key] not in landed]:
        raise ConfigError(
            f"erase: {source.name}.{stream} {unknown[0]!r} has never landed; nothing was changed"
        )
    return Plan(
        source=source.name,
        stream=stream,
        keys=tuple(key for key in wanted if hashed[key] not in erased),
        gone=tuple(key for key in wanted if hashed[key] in erased),
        holders=tuple(found),
        set_aside=len(set_aside_batches(root, source.name, stream)),
        kept=sum(not one.is_published for one in snapshots(settings)),
        has_staging=(staged(settings).home / "request.json").exists(),
        marts=read_published(settings.marts_file).lineage.sentence(f"{source.name}.{stream}"),
    )


def _erasable(source: Source, name: str) -> Stream:
    try:
        stream = source.stream(name)
    except KeyError as error:
        raise ConfigError(f"erase: {error.args[0]}") from error
    if stream.is_erasable:
        return stream
    if source.land is not None:
        raise ConfigError(
            f"erase: {source.name} keeps statements as the bank sent them, which the law has the "
            "company keep for years (docs/decisions/0072); people on them stay in staging and are "
            "in no mart. Nothing was changed"
        )
    can = ", ".join(one.name for one in source.streams if one.is_erasable) or "none"
    raise ConfigError(
        f"erase: records of {source.name}.{name} are the company's, not a person's; of "
        f"{source.name} can be erased: {can}. Nothing was changed"
    )


def _refuse_held(root: AnyPath, source: Source, stream: Stream, keys: Sequence[str]) -> None:
    told = []
    for name, path in stream.held_by:
        if not (files := [str(file) for file in batch_files(root, source.name, name)]):
            continue
        given = {"files": files, "path": path, "keys": list(keys)}
        with naming_damage(root, files), connect(root) as connection:
            found = connection.execute(_NAMING, given).fetchall()
        told += [f"{key!r} by {count} of {source.name}.{name}" for key, count in found]
    if told:
        raise ConfigError(
            f"erase: records of {source.name}.{stream.name} are named by others that have to be "
            f"kept: {', '.join(told)}. Nothing was changed; restrict them in {source.name}, and "
            "erase them once it has let those go (docs/decisions/0072)"
        )
