"""The shapes of HubSpot's answers, as far as we read them; records stay as they came."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from umlauf.transport.decode import read_or
from umlauf.transport.http import Complaint

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Next(msgspec.Struct):
    """Token of the next page."""

    after: str


class Paging(msgspec.Struct):
    """Absent on the last page."""

    next: Next | None = None


class Results(msgspec.Struct):
    """A page of a list or a search; only a search gives `total`."""

    results: list[msgspec.Raw]
    paging: Paging | None = None
    total: int | None = None

    @property
    def following(self) -> str | None:
        """Token of the next page."""
        return self.paging.next.after if self.paging and self.paging.next else None


class Counted(msgspec.Struct):
    """A search whose count is what matters."""

    total: int
    results: list[msgspec.Raw]


class BatchError(msgspec.Struct, rename="camel"):
    """Why some ids of a batch have no result; `context` lists the ids."""

    message: str = ""
    category: str = ""
    sub_category: Any = None
    context: dict[str, Any] | None = None

    @property
    def is_expected(self) -> bool:
        """Whether it only says that there is nothing: deleted meanwhile, or not associated."""
        return self.category == "OBJECT_NOT_FOUND" or self.is_unlinked

    @property
    def is_unlinked(self) -> bool:
        """Whether the record is there, without associations."""
        return "NO_ASSOCIATIONS_FOUND" in str(self.sub_category)

    @property
    def ids(self) -> set[str]:
        """The ids it speaks of."""
        listed = (value for value in (self.context or {}).values() if isinstance(value, list))
        return {str(value) for values in listed for value in values}


class Batch(msgspec.Struct):
    """Answer to a batch read; HTTP 207 when `errors` is not empty."""

    results: list[msgspec.Raw]
    errors: list[BatchError] = []


class From(msgspec.Struct):
    """The near end of an association; HubSpot has sent its id as text and as number."""

    id: str | int


class Linked(msgspec.Struct, rename={"near": "from"}):
    """All associations of one record, or a page of them."""

    near: From
    to: list[msgspec.Raw]
    paging: Paging | None = None

    @property
    def following(self) -> str | None:
        """Token of the next page."""
        return self.paging.next.after if self.paging and self.paging.next else None


class Stamp(msgspec.Struct, rename="camel"):
    """When a stage was last changed."""

    updated_at: Moment


class PipelineStamps(msgspec.Struct, rename="camel"):
    """When a pipeline was last changed: renaming a stage does not touch the pipeline's stamp."""

    updated_at: Moment
    stages: list[Stamp]

    @property
    def newest(self) -> datetime:
        """The newest of all its stamps."""
        return max([self.updated_at, *(stage.updated_at for stage in self.stages)])


class StageId(msgspec.Struct):
    """A stage, by what deals call it."""

    id: str


class StageIds(msgspec.Struct):
    """The stages of a pipeline."""

    stages: list[StageId]


class Refusal(msgspec.Struct, rename="camel"):
    """HubSpot's error body; every field is optional.

    https://developers.hubspot.com/docs/api-reference/error-handling
    """

    message: str = ""
    category: str = ""
    correlation_id: str = ""
    policy_name: str = ""
    errors: list[BatchError] = []


def explain(body: bytes) -> Complaint:
    """Return one sentence from an error body, empty when it is not HubSpot's."""
    refusal = read_or(Refusal(), body)
    details = "; ".join(error.message for error in refusal.errors[:3] if error.message)
    parts = (refusal.category, refusal.message, details)
    sentence = ": ".join(part for part in parts if part)
    if refusal.correlation_id:
        sentence += f" (correlationId {refusal.correlation_id})"
    # The daily allowance comes back at midnight, not within our patience.
    return Complaint(sentence=sentence, is_final=refusal.policy_name == "DAILY")
