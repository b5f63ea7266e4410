"""What a company pays beside its goods: people, rent, the loan, fees, cards."""

from __future__ import annotations

from collections.abc import Callable

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.funds import Funds
from umlauf.sandbox.company.payments import record_cost
from umlauf.sandbox.company.statement import CREDIT_TRANSFER, RECEIVED, BankEntry
from umlauf.sandbox.company.world import Transaction
from umlauf.sandbox.stamps import (
    at,
    bank_day_on_or_after,
    business_day,
    day_text,
    is_bank_day,
    month_start,
)

LOAN, LOAN_MONTHS, INTEREST_PER_MONTH = 150_000_000, 60, 0.0045
CARD_SHOPS = (
    "Deutsche Bahn",
    "Hetzner Online",
    "Tankstelle Nord",
    "Office Depot",
    "Hotel Krone",
    "Cloud Hosting Ltd",
    "Baumarkt",
    "Taxi Zentrale",
)
UTILITIES = ("Stadtwerke Strom", "Telekom", "Versicherung AG", "Reinigung Blitz")
DEBIT, CARD, FEES = ("PMNT", "RDDT", "ESDD"), ("PMNT", "CCRD", "POSD"), ("ACMT", "MDOP", "CHRG")


class Running:
    """The accounts office."""

    def __init__(self, business: Business, funds: Funds) -> None:
        self.business = business
        self.world = business.world
        self.funds = funds
        self.dice = self.world.dice("running")
        self.loan = 0

    def plan_months(self) -> None:
        """Put the whole span on the agenda."""
        first = self.world.first_day
        self._on(bank_day_on_or_after(first), 8, self._start)
        self.monthly(1, self._rent)
        self.monthly(15, self._repay)
        self.monthly(20, self._utilities)
        self.monthly(27, self._salaries)
        self.monthly(28, self._fees)
        for day in range(first + 1, self.world.last_day + 1):
            if is_bank_day(day):
                self._on(day, 12, self._cards)

    def monthly(self, day_of_month: int, action: Callable[[int], None]) -> None:
        """Do something at 08:00 of a day of every month, or of the bank day after it."""
        first = self.world.first_day
        start = month_start(first)
        while start <= self.world.last_day:
            if start + day_of_month - 1 > first:
                self._on(bank_day_on_or_after(start + day_of_month - 1), 8, action)
            start = month_start(start, 1)

    def _on(self, day: int, hour: float, action: Callable[[int], None]) -> None:
        self.world.later(at(day, hour), action)

    def _book(self, entry: BankEntry, costs: list[tuple[str, int]], account: str, day: int) -> None:
        place = self.business.account_for(account)

        def posting(tx: Transaction) -> None:
            record_cost(tx, self.business.ledger, place, day, costs, entry.text)

        self.business.bank.book(place, day, entry, posting)

    def pay(
        self,
        instant: int,
        kind: str,
        costs: list[tuple[str, int]],
        party: str,
        text: str,
        code: tuple[str, str, str] | None = None,
        account: str = "EUR",
    ) -> None:
        """Pay costs by account from a bank account today; what is negative in sum comes in."""
        day, amount = business_day(instant), -sum(cost for _, cost in costs)
        place = self.business.account_for(account)
        if amount < 0:
            self.funds.ensure(place, -amount, day)
        iban = "DE21100500000024290661" if party else ""
        code = code or (CREDIT_TRANSFER if amount < 0 else RECEIVED)
        entry = BankEntry(amount, kind, party, iban, text=text, code=code)
        self._book(entry, costs, account, day)

    def _start(self, instant: int) -> None:
        """Begin with the owners' capital and a bank loan."""
        self.loan = self.world.sized(LOAN)
        for account, amount in (("EUR", 400_000_000), ("CHF", 30_000_000), ("USD", 40_000_000)):
            capital = self.world.sized(amount)
            self.pay(
                instant,
                "equity",
                [("equity", -capital)],
                "Umlauf Beteiligungen KG",
                "Stammkapital",
                account=account,
            )
        self.pay(instant, "loan", [("loan", -self.loan)], "Hausbank", "Darlehen 4711")

    def _rent(self, instant: int) -> None:
        rent = self.world.sized(1_850_000)
        self.pay(
            instant,
            "rent",
            [("rent", rent)],
            "Immobilien Hafen GmbH",
            f"Miete {day_text(business_day(instant))[:7]}",
        )
        swiss = self.world.sized(210_000)
        self.pay(
            instant, "rent", [("rent", swiss)], "Liegenschaften Zürich AG", "Miete", account="CHF"
        )

    def _repay(self, instant: int) -> None:
        interest = round(self.loan * INTEREST_PER_MONTH)
        principal = min(self.loan, self.world.sized(LOAN / LOAN_MONTHS))
        self.loan -= principal
        costs = [("loan", principal), ("interest", interest)]
        if principal:
            self.pay(instant, "loan", costs, "Hausbank", "Rate Darlehen 4711")

    def staff(self, instant: int) -> list[tuple[str, str, int]]:
        """Return who is on the payroll: it grows from half to all over the span."""
        people = self.business.people.employees
        passed = business_day(instant) - self.world.first_day
        share = 0.5 + 0.5 * min(1.0, passed / 600)
        return people[: max(2, round(len(people) * share))]

    def _salaries(self, instant: int) -> None:
        """Pay everyone in one batch booking."""
        day, staff = business_day(instant), self.staff(instant)
        total = sum(pay for _, _, pay in staff)
        account = self.business.account_for("EUR")
        self.funds.ensure(account, total, day)
        month = day_text(day)[:7]
        parts = [
            BankEntry(
                -pay,
                "salary",
                name,
                iban,
                end_to_end=f"SAL-{month}-{place:03}",
                text=f"Gehalt {month}",
                code=("PMNT", "ICDT", "SALA"),
            )
            for place, (name, iban, pay) in enumerate(staff, 1)
        ]
        batch = BankEntry(
            -total, "salary", text=f"Gehaelter {month}", parts=parts, code=("PMNT", "ICDT", "SALA")
        )
        self._book(batch, [("salaries", total)], "EUR", day)

    def _utilities(self, instant: int) -> None:
        for name in UTILITIES:
            cost = self.world.sized(self.dice.uniform(30_000, 190_000))
            self.pay(instant, "utilities", [("services", cost)], name, "Abschlag", DEBIT)

    def _fees(self, instant: int) -> None:
        for account in self.business.bank.accounts:
            fee = self.dice.randrange(1200, 4800)
            self.pay(instant, "fee", [("bank_fees", fee)], "", "Kontofuehrung", FEES, account)

    def _cards(self, instant: int) -> None:
        """Book card payments; now and then one is booked wrongly and put right days later."""
        day = business_day(instant)
        for _ in range(self._several(4.0 * self.world.scale)):
            cost = self.dice.randrange(600, 42_000)
            shop = self.dice.choice(CARD_SHOPS)
            self.pay(instant, "card", [("services", cost)], shop, f"Karte {shop}", CARD)
            chance = self.dice.random()
            if chance < 0.004:
                # Two truly identical payments on one statement: both happened.
                self.pay(instant, "card", [("services", cost)], shop, f"Karte {shop}", CARD)
            elif chance < 0.01:
                self._wrong(day, cost)

    def _wrong(self, day: int, cost: int) -> None:
        """Have the bank book something by mistake, on any account."""
        account = self.dice.choice(list(self.business.bank.accounts))
        text = "Fehlbuchung"
        wrong = BankEntry(-cost, "correction", text=text, code=CARD)
        self._book(wrong, [("services", cost)], account, day)
        right = BankEntry(
            cost, "correction", text=f"Storno {text}", code=CARD, is_reversal=True, value_day=day
        )
        later = bank_day_on_or_after(day + self.dice.randrange(1, 6))
        self.world.later(at(later, 12.5), self._put_right, right, cost, account)

    def _put_right(self, instant: int, entry: BankEntry, cost: int, account: str) -> None:
        self._book(entry, [("services", -cost)], account, business_day(instant))

    def _several(self, mean: float) -> int:
        """Return a whole number around a mean that may be below one."""
        whole = int(mean)
        return (
            whole + (self.dice.random() < mean - whole)
            if mean < 2
            else max(0, round(self.dice.gauss(mean, mean**0.5)))
        )
