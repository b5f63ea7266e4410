"""How it stands with a partner's share: what holds it, whether it has expired, was it delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from umlauf.errors import ConfigError
from umlauf.settings import Settings
from umlauf.share.declaration import Declaration, declared_partners, read_declaration
from umlauf.share.place import Share, last_receipt, share_of_build
from umlauf.warehouse.published import published_build_id

State = Literal["due", "made", "delivered", "held", "expired", "failed"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What has become of a partner's share, and why."""

    partner: str
    state: State
    text: str
    error: Exception | None = None


def reasons_to_hold(settings: Settings, declaration: Declaration, share: Share) -> list[str]:
    """Return why a person must look at it first: empty where it was not, or larger than declared.

    A table that was delivered empty may stay so; what is approved has no reasons any more.
    """
    if share.is_approved:
        return []
    manifest, last = share.manifest, last_receipt(settings, declaration.partner)
    was_empty = {table["name"] for table in last["tables"] if not table["rows"]} if last else set()
    before = "and was not at the last delivery" if last else "at the first delivery"
    empty = {table["name"] for table in manifest["tables"] if not table["rows"]} - was_empty
    reasons = [f"without a row {before}: {', '.join(sorted(empty))}"] if empty else []
    if manifest["rows"] > declaration.most_rows:
        reasons.append(f"{manifest['rows']:,} rows, declared are {declaration.most_rows:,} at most")
    megabytes = sum(file.stat().st_size for file in share.files) / 10**6
    if megabytes > declaration.most_mb:
        reasons.append(f"{megabytes:,.1f} MB, declared are {declaration.most_mb:,} at most")
    return reasons


def expiry(settings: Settings, declaration: Declaration, at: datetime) -> Outcome | None:
    """Return the end of a share that is over at this moment (aware UTC), in company time."""
    if at.astimezone(settings.zone).date() <= declaration.until:
        return None
    return Outcome(
        partner=declaration.partner,
        state="expired",
        text=f"until {declaration.until}: nothing is delivered any more",
    )


def expired_shares(settings: Settings, at: datetime) -> Iterator[Outcome]:
    """Yield the shares that are over at this moment (aware UTC)."""
    for partner in declared_partners(settings.shares):
        try:
            over = expiry(settings, read_declaration(settings.shares, partner), at)
        except ConfigError:
            continue  # told where it was to be delivered
        if over:
            yield over


def standings(settings: Settings, at: datetime) -> Iterator[Outcome]:
    """Yield how it stands with each declared partner's share of the published build."""
    build_id = published_build_id(settings) or "nothing published"
    for partner in declared_partners(settings.shares):
        try:
            declaration = read_declaration(settings.shares, partner)
        except ConfigError as error:
            yield Outcome(partner=partner, state="failed", text=str(error), error=error)
            continue
        share = share_of_build(settings, declaration, build_id)
        yield expiry(settings, declaration, at) or _standing(settings, declaration, share)


def _standing(settings: Settings, declaration: Declaration, share: Share) -> Outcome:
    last = last_receipt(settings, declaration.partner)
    shown = f"last delivered {last['build_id']}" if last else "never delivered"
    text = f"until {declaration.until}, {shown}"
    state: State = "made" if share.is_made else "due"
    if share.receipt:
        state = "delivered"
    elif state == "made" and (reasons := reasons_to_hold(settings, declaration, share)):
        state, text = "held", "; ".join(reasons)
    return Outcome(partner=declaration.partner, state=state, text=text)
