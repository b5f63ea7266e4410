"""Which marts something concerns, in few words, as the published snapshot knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """The marts built from each stream (`hubspot.deals`) and model; empty before a snapshot."""

    marts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Lineage:
        """Group pairs of a subject and a mart."""
        found: dict[str, set[str]] = {}
        for subject, mart in pairs:
            found.setdefault(subject, set()).add(mart)
        return cls(marts={subject: frozenset(marts) for subject, marts in found.items()})

    def sentence(self, subject: str) -> str:
        """Name the marts built from a source, a stream of it, or a model.

        That `trust` tells of it goes without saying, unless nothing else does.
        """
        if not self.marts:
            return "all marts, as far as is known"
        found = self._built_from(subject.removeprefix("marts."))
        every = frozenset[str]().union(*self.marts.values())
        if business := {mart for mart in found if not mart.startswith("trust.")}:
            found = frozenset(business)
        if found == {mart for mart in every if not mart.startswith("trust.")}:
            return "all marts"
        schemas = sorted({mart.partition(".")[0] for mart in found})
        return ", ".join(_part(schema, found, every) for schema in schemas) or "no mart"

    def _built_from(self, subject: str) -> frozenset[str]:
        chosen = (
            marts
            for name, marts in self.marts.items()
            if name == subject or name.startswith(f"{subject}.")
        )
        return frozenset[str]().union(*chosen)


def _part(schema: str, found: Iterable[str], every: Iterable[str]) -> str:
    marts = sorted(mart for mart in found if mart.startswith(f"{schema}."))
    all_of_it = sum(mart.startswith(f"{schema}.") for mart in every)
    if len(marts) == all_of_it:
        return f"all of {schema}"
    if len(marts) > _MOST_NAMED:
        return f"{len(marts)} of {all_of_it} in {schema}"
    return ", ".join(marts)
