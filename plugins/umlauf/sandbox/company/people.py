"""Who the company deals with: sales owners, customers and prospects, their contacts, employees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from umlauf.sandbox.company import names
from umlauf.sandbox.company.setup import Foundation, partner_values, ref
from umlauf.sandbox.company.world import Record, Transaction, World
from umlauf.sandbox.stamps import at, iso

COMPANY_IDS, CONTACT_IDS, OWNER_IDS = 9_400_000_000, 26_100_000_000, 61_200_000


@dataclass(slots=True)
class Owner:
    """A sales person of the CRM."""

    id: int
    payload: Record
    is_active: bool = True


@dataclass(slots=True)
class Customer:
    """A company in the CRM; `partner` once the ERP knows it too. Habits decide how it pays."""

    id: int
    name: str
    payload: Record
    segment: str
    country: str
    currency: str
    contacts: list[int]
    weight: float
    terms_days: int
    lateness: float
    pays_in_one: bool
    by_direct_debit: bool
    takes_discount: bool
    quotes_reference: bool
    iban: str
    contact_payloads: list[Record]
    partner: Record | None = None
    accountant: Record | None = None


@dataclass(slots=True)
class People:
    """Everyone."""

    owners: list[Owner] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    employees: list[tuple[str, str, int]] = field(default_factory=list)


def hubspot_object(key: int, properties: Record, created: int, changed: int) -> Record:
    """Return an object as the CRM API shows it; properties get their standard stamps."""
    stamp = "lastmodifieddate" if "email" in properties else "hs_lastmodifieddate"
    properties["createdate"] = iso(created)
    properties[stamp] = iso(changed)
    properties["hs_object_id"] = str(key)
    return {
        "id": str(key),
        "properties": properties,
        "createdAt": iso(created),
        "updatedAt": iso(changed),
        "archived": False,
    }


def gather_people(world: World, base: Foundation) -> People:
    """Write owners, customers and contacts as the CRM has them on the first day."""
    dice = world.dice("people")
    people = People()
    for number in range(max(4, round(12 * min(1.0, world.scale * 4)))):
        people.owners.append(_owner(world, dice, number))
    for number in range(world.scaled(400, 12)):
        created = at(world.first_day, 9, seconds=number * 7)
        people.customers.append(_customer(world, dice, number, created))
    for _ in range(world.scaled(45, 4)):
        person = f"{dice.choice(names.FIRST)} {dice.choice(names.LAST)}"
        iban = f"DE{dice.randrange(10, 99)}{dice.randrange(10**17, 10**18)}"
        people.employees.append((person, iban, dice.randrange(260_000, 520_000)))
    return people


def _owner(world: World, dice: Random, number: int) -> Owner:
    key = OWNER_IDS + number * 37
    first, last = names.FIRST[number % 30], dice.choice(names.LAST)
    created = at(world.first_day, 8.5, seconds=number)
    payload = {
        "id": str(key),
        "email": f"owner{number + 1}@umlauf.example",
        "firstName": first,
        "lastName": last,
        "userId": 4_700_000 + number,
        "createdAt": iso(created),
        "updatedAt": iso(created),
        "archived": False,
    }
    with world.transaction(created) as tx:
        tx.show("owners", key, payload, created)
    return Owner(key, payload)


def _customer(world: World, dice: Random, number: int, created: int) -> Customer:
    public = dice.random() < 0.45
    name, country = _company_name(dice, number, public)
    currency = {"CH": "CHF", "US": "USD"}.get(country, "EUR")
    key = COMPANY_IDS + number * 11_003
    segment = "public_sector" if public else "commercial"
    properties: Record = {
        "name": name,
        "domain": f"customer{number + 1}.example",
        "industry": dice.choice(names.INDUSTRIES),
        "country": country,
        # A few companies were never sorted into a segment.
        "segment": segment if dice.random() > 0.01 else None,
        "erp_customer_ref": None,
    }
    payload = hubspot_object(key, properties, created, created)
    cards: list[Record] = []
    with world.transaction(created) as tx:
        tx.show("companies", key, payload, created)
        for _ in range(dice.randint(1, 2)):
            cards.append(_contact(world, dice, tx, number, created))
    return Customer(
        id=key,
        name=name,
        payload=payload,
        segment=properties["segment"] or "",
        country=country,
        currency=currency,
        contacts=[int(card["id"]) for card in cards],
        weight=min(15.0, dice.paretovariate(1.2)),
        terms_days=dice.choice([30, 30, 45, 60] if public else [14, 14, 30, 30]),
        lateness=max(-4.0, dice.gauss(5 if public else 3, 8)),
        pays_in_one=dice.random() < 0.12,
        by_direct_debit=currency == "EUR" and not public and dice.random() < 0.15,
        takes_discount=not public and dice.random() < 0.2,
        # Swiss QR bills carry the reference; elsewhere it must be typed in.
        quotes_reference=world.dice(f"quotes/{number}").random()
        < (0.85 if currency == "CHF" else 0.3),
        iban=f"{country}{dice.randrange(10, 99)}{dice.randrange(10**17, 10**18)}",
        contact_payloads=cards,
    )


def _company_name(dice: Random, number: int, public: bool) -> tuple[str, str]:
    if public:
        town = names.TOWNS[number % len(names.TOWNS)]
        form = names.PUBLIC[number // len(names.TOWNS) % len(names.PUBLIC)]
        country = dice.choices(["DE", "AT", "CH"], [82, 8, 10])[0]
        return form.format(town), country
    form = dice.choice(names.FIRMS)
    country = {"Inc.": "US", "LLC": "US", "S.A.": "FR", "B.V.": "NL", "o.o.": "PL"}.get(
        form.split()[-1], dice.choices(["DE", "AT", "CH", "DK"], [76, 8, 12, 4])[0]
    )
    return form.format(f"{dice.choice(names.LAST)}"), country


def _contact(world: World, dice: Random, tx: Transaction, number: int, created: int) -> Record:
    key = CONTACT_IDS + world.new_id("contact") * 5_003
    first, last = dice.choice(names.FIRST), dice.choice(names.LAST)
    properties: Record = {
        "email": f"contact{key % 1_000_003}@customer{number + 1}.example",
        "firstname": first,
        "lastname": last,
        "jobtitle": dice.choice(names.JOBS),
        "phone": f"+49 30 {dice.randrange(10**6, 10**7)}",
    }
    card = hubspot_object(key, properties, created, created)
    tx.show("contacts", key, card, created)
    return card


def know_in_erp(
    world: World, base: Foundation, tx: Transaction, customer: Customer, number: int
) -> Record:
    """Return the customer's partner in the ERP, made on first use and noted in the CRM."""
    if customer.partner is None:
        code = f"C{number:05}"
        customer.partner = tx.create(
            "res.partner",
            partner_values(
                customer.name,
                base.country(customer.country),
                ref_text=code,
                kind=(1, 0),
                vat=f"{customer.country}{customer.id % 10**9:09}",
                email=f"accounts@{customer.payload['properties']['domain']}",
            ),
            active=True,
        )
        tx.fact("customer", code, customer.segment or None)
        parent = ref(customer.partner)
        values = partner_values(
            "Buchhaltung",
            base.country(customer.country),
            ref_text=False,
            kind=(0, 0),
            parent=parent,
        )
        customer.accountant = tx.create("res.partner", values, active=True)
        customer.payload["properties"]["erp_customer_ref"] = code
        customer.payload["properties"]["hs_lastmodifieddate"] = iso(tx.at)
        customer.payload["updatedAt"] = iso(tx.at)
        tx.show("companies", customer.id, customer.payload, tx.at)
    return customer.partner


def plan_departures(world: World, people: People, hand_over: Callable[[int, Owner], None]) -> None:
    """Let one owner in six leave half-way: the CRM archives them, open deals change hands."""

    def leave(instant: int, owner: Owner) -> None:
        owner.is_active = False
        owner.payload |= {"archived": True, "updatedAt": iso(instant)}
        with world.transaction(instant) as tx:
            tx.show("owners", owner.id, owner.payload, instant, archived=instant)
        hand_over(instant + 60_000, owner)

    span = world.last_day - world.first_day
    for owner in people.owners[5::6]:
        world.later(at(world.first_day + span // 2 + owner.id % 40, 17.5), leave, owner)


def tax_percent(customer: Customer) -> int:
    """Return VAT in tenths of a percent: 19 at home, 8.1 in Switzerland, none across borders."""
    return {"DE": 190, "CH": 81}.get(customer.country, 0)
