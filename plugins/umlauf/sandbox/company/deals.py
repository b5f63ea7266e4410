"""A deal as the CRM keeps it: properties, their history, line items and associations."""

from __future__ import annotations

from dataclasses import dataclass, field

from umlauf.sandbox.company.orders import Wanted
from umlauf.sandbox.company.people import Customer, Owner, hubspot_object
from umlauf.sandbox.company.world import Record, Transaction, World
from umlauf.sandbox.stamps import iso

STAGES: tuple[tuple[str, str, float], ...] = (
    ("appointmentscheduled", "Appointment scheduled", 0.2),
    ("qualifiedtobuy", "Qualified to buy", 0.4),
    ("presentationscheduled", "Presentation scheduled", 0.6),
    ("decisionmakerboughtin", "Decision maker bought-in", 0.8),
    ("contractsent", "Contract sent", 0.9),
    ("closedwon", "Closed won", 1.0),
    ("closedlost", "Closed lost", 0.0),
)
PROBABILITY = {stage: chance for stage, _, chance in STAGES}
WON, LOST = "closedwon", "closedlost"
WATCHED = ("dealstage", "amount", "closedate", "hubspot_owner_id")
DEAL_IDS, ITEM_IDS = 31_000_000_000, 25_600_000_000
SOURCE = {"sourceType": "CRM_UI"}


@dataclass(slots=True)
class LineItem:
    """One line item of a deal."""

    id: int
    payload: Record
    wanted: Wanted


@dataclass(slots=True)
class Deal:
    """A deal and what is planned for it; `amount` in cents, `close` ms, None = not set."""

    id: int
    customer: Customer
    owner: Owner
    created: int
    stage: str
    close: int
    items: list[LineItem] = field(default_factory=list)
    payload: Record = field(default_factory=dict)
    is_archived: bool = False

    @property
    def amount(self) -> int | None:
        """Sum of the line items; None for a deal without any."""
        return sum(line_amount(item.wanted) for item in self.items) if self.items else None

    @property
    def is_closed(self) -> bool:
        """Won or lost."""
        return self.stage in (WON, LOST)


def line_amount(wanted: Wanted) -> int:
    """Return a line's amount after its discount, in cents."""
    gross = wanted.units * wanted.price
    return gross - (gross * wanted.discount + 50) // 100


def decimal_text(cents: int | None) -> str | None:
    """Return an amount as HubSpot keeps it: a string, without needless zeros."""
    if cents is None:
        return None
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else str(whole)


def write_new(tx: Transaction, deal: Deal) -> None:
    """Write a deal, its line items and its associations for the first time."""
    customer = deal.customer
    deal.payload = hubspot_object(deal.id, _properties(deal), deal.created, deal.created)
    history = {
        name: [{"value": value, "timestamp": iso(deal.created), **SOURCE}]
        for name in WATCHED
        if (value := deal.payload["properties"][name]) is not None
    }
    deal.payload["propertiesWithHistory"] = {name: history.get(name, []) for name in WATCHED}
    tx.show("deals", deal.id, deal.payload, deal.created)
    for name, kind, targets in (
        ("deals_to_companies", 341, [customer.id]),
        ("deals_to_contacts", 3, customer.contacts),
        ("deals_to_line_items", 19, [item.id for item in deal.items]),
    ):
        kinds = [{"category": "HUBSPOT_DEFINED", "typeId": kind, "label": None}]
        links = [{"toObjectId": target, "associationTypes": kinds} for target in targets]
        payload = {"from": {"id": str(deal.id)}, "to": links}
        tx.show(name, deal.id, payload, deal.created)
    for item in deal.items:
        write_item(tx, item, deal.created, deal.created)
    tx.fact("deal", deal.id, deal.created, customer.segment or None, customer.currency)
    for what, value in (
        ("stage", deal.stage),
        ("amount", deal.amount),
        ("close", deal.close),
        ("owner", str(deal.owner.id)),
    ):
        tx.fact("deal_change", deal.id, deal.created, what, value)


def write_item(tx: Transaction, item: LineItem, created: int, changed: int) -> None:
    """Write a line item as it is now."""
    wanted = item.wanted
    properties: Record = {
        "hs_product_id": str(19_000_000 + int(wanted.product.record["id"])),
        "hs_sku": wanted.product.code,
        "name": str(wanted.product.record["name"]),
        "quantity": str(wanted.units),
        "price": decimal_text(wanted.price),
        "amount": decimal_text(line_amount(wanted)),
        "hs_discount_percentage": str(wanted.discount) if wanted.discount else None,
    }
    item.payload = hubspot_object(item.id, properties, created, changed)
    tx.show("line_items", item.id, item.payload, changed)


def change(tx: Transaction, deal: Deal, instant: int, changed: dict[str, str | None]) -> None:
    """Write new values of some properties, and their history, under one stamp."""
    properties = deal.payload["properties"]
    for name, value in changed.items():
        if name in WATCHED and properties[name] != value:
            entry = {"value": value or "", "timestamp": iso(instant), **SOURCE}
            deal.payload["propertiesWithHistory"][name].insert(0, entry)
        properties[name] = value
    properties["hs_lastmodifieddate"] = deal.payload["updatedAt"] = iso(instant)
    tx.show("deals", deal.id, deal.payload, instant)


def stage_properties(stage: str, reason: str | None = None) -> dict[str, str | None]:
    """Return what HubSpot sets along with a stage."""
    return {
        "dealstage": stage,
        "hs_is_closed": "true" if stage in (WON, LOST) else "false",
        "hs_is_closed_won": "true" if stage == WON else "false",
        "hs_deal_stage_probability": str(PROBABILITY[stage]),
        "closed_lost_reason": reason,
    }


def _properties(deal: Deal) -> Record:
    customer = deal.customer
    return {
        "dealname": f"{customer.name} - {deal.id % 100_000}",
        "pipeline": "default",
        "amount": decimal_text(deal.amount),
        "deal_currency_code": customer.currency,
        "closedate": iso(deal.close),
        "hubspot_owner_id": str(deal.owner.id),
        "dealtype": "existingbusiness" if customer.partner else "newbusiness",
        **stage_properties(deal.stage),
    }


def write_pipeline(world: World, instant: int) -> None:
    """Write the one pipeline and its stages."""
    stages = [
        {
            "id": stage,
            "label": label,
            "displayOrder": place,
            "metadata": {
                "isClosed": str(stage in (WON, LOST)).lower(),
                "probability": str(chance),
            },
            "createdAt": iso(instant),
            "updatedAt": iso(instant),
            "archived": False,
        }
        for place, (stage, label, chance) in enumerate(STAGES)
    ]
    payload = {
        "id": "default",
        "label": "Sales Pipeline",
        "displayOrder": 0,
        "stages": stages,
        "createdAt": iso(instant),
        "updatedAt": iso(instant),
        "archived": False,
    }
    with world.transaction(instant) as tx:
        tx.show("pipelines", 1, payload, instant)
