"""Small edits of people and companies, and one import that touches hundreds of them at once."""

from __future__ import annotations

from umlauf.sandbox.company import names
from umlauf.sandbox.company.people import Customer, People
from umlauf.sandbox.company.world import World
from umlauf.sandbox.stamps import at, is_work_day, iso


class Edits:
    """Whoever tidies up the CRM's companies and contacts and the ERP's partners."""

    def __init__(self, world: World, people: People) -> None:
        self.world = world
        self.customers = people.customers
        self.dice = world.dice("edits")

    def plan_days(self) -> None:
        """Edit now and then; archive a contact every few weeks; import once, half-way."""
        world, dice = self.world, self.dice
        for day in range(world.first_day + 90, world.last_day, max(3, round(20 / world.scale))):
            world.later(at(day, 18.5), self._archive)
        for day in range(world.first_day + 10, world.last_day + 1):
            if is_work_day(day) and dice.random() < min(1.0, world.scale):
                world.later(at(day, 11, dice.randrange(9000)) + dice.randrange(1000), self._correct)
                world.later(at(day, 15, dice.randrange(9000)) + dice.randrange(1000), self._job)
        world.later(at((world.first_day + world.last_day) // 2, 19.25) + 417, self._import)

    def _correct(self, instant: int) -> None:
        self._sort(instant, [self.dice.choice(self.customers)], may_be_late=True)

    def _import(self, instant: int) -> None:
        self._sort(instant, self.customers[::3], may_be_late=False)

    def _sort(self, instant: int, chosen: list[Customer], *, may_be_late: bool) -> None:
        """Put companies into another industry, all under one stamp."""
        with self.world.transaction(instant, may_be_late=may_be_late) as tx:
            for customer in chosen:
                properties = customer.payload["properties"]
                properties["industry"] = self.dice.choice(names.INDUSTRIES)
                properties["hs_lastmodifieddate"] = customer.payload["updatedAt"] = iso(instant)
                tx.show("companies", customer.id, customer.payload, instant)

    def _job(self, instant: int) -> None:
        contact = self.dice.choice(self.customers).contact_payloads[0]
        contact["properties"]["jobtitle"] = self.dice.choice(names.JOBS)
        contact["properties"]["lastmodifieddate"] = contact["updatedAt"] = iso(instant)
        with self.world.transaction(instant, may_be_late=True) as tx:
            tx.show("contacts", int(contact["id"]), contact, instant)

    def _archive(self, instant: int) -> None:
        """Archive a customer's accountant in the ERP, which then hides them."""
        known = [c.accountant for c in self.customers if c.accountant and c.accountant["active"]]
        if known:
            with self.world.transaction(instant) as tx:
                tx.write("res.partner", self.dice.choice(known), active=False)
