"""Three bank accounts: what is booked on them, day by day, and what the bank tells of it.

A statement is made for every bank day, entries or not; closing balance = next opening balance.
Files show up the next night; now and then one comes hours late. All amounts are whole cents,
positive = cash in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from umlauf.sandbox.company.camt import camt053
from umlauf.sandbox.company.mt940 import mt940
from umlauf.sandbox.company.setup import IBANS, Company, Foundation
from umlauf.sandbox.company.statement import BankEntry, Statement
from umlauf.sandbox.company.world import Transaction, World
from umlauf.sandbox.stamps import (
    DAY,
    HOUR,
    MINUTE,
    at,
    bank_day_after,
    bank_day_on_or_after,
    business_day,
    day_text,
    is_bank_day,
)

Posting = Callable[[Transaction], None]
LATE_FILE_RATE = 0.01
WRITERS = {"camt": camt053, "mt940": mt940}


@dataclass(slots=True)
class Account:
    """One bank account and its journal in the ERP."""

    iban: str
    bic: str
    currency: str
    company: Company
    journal: str
    form: str
    channel: str
    balance: int = 0
    entries: dict[int, list[BankEntry]] = field(default_factory=lambda: defaultdict(list))
    postings: dict[int, list[Posting]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    last_file: int = 0


class Bank:
    """All accounts."""

    def __init__(self, world: World, base: Foundation) -> None:
        self.world = world
        self.dice = world.dice("bank")
        self.accounts = {
            currency: Account(
                IBANS[own, journal], bic, currency, base.companies[own], journal, form, channel
            )
            for currency, own, journal, bic, form, channel in (
                ("EUR", "EUR", "bank", "COBADEFFXXX", "camt", "folder"),
                ("CHF", "CHF", "bank", "UBSWCHZH80A", "camt", "folder"),
                ("USD", "EUR", "bank_usd", "BYLADEM1001", "mt940", "sftp"),
            )
        }

    def book(
        self, account: Account, day: int, entry: BankEntry, posting: Posting | None = None
    ) -> int:
        """Book an entry on this bank day or the next; return the day. The ERP posts it later."""
        day = bank_day_on_or_after(day)
        entry.value_day = entry.value_day or day
        number = self.world.new_id("bank.entry")
        entry.reference = f"{day_text(day)[2:].replace('-', '')}{number:08}"
        account.entries[day].append(entry)
        account.balance += entry.amount
        if posting is not None:
            account.postings[day].append(posting)
        return day

    def plan_statements(self) -> None:
        """Close every bank day at 23:00 Berlin time."""
        for day in range(self.world.first_day, self.world.last_day + 1):
            if is_bank_day(day):
                self.world.later(at(day, 23), self.close_day, day)

    def close_day(self, instant: int, day: int) -> None:
        """Write the statements of a day and have them posted once they are there."""
        for place, account in enumerate(self.accounts.values()):
            entries = account.entries.pop(day, [])
            # 02:15 UTC is before the night's work at 04:30 Berlin, in summer and in winter.
            visible = instant - instant % DAY + DAY + 2 * HOUR + (15 + 3 * place) * MINUTE
            if self.dice.random() < LATE_FILE_RATE:
                visible += self.dice.randrange(3, 12) * HOUR
            visible = account.last_file = max(visible, account.last_file + MINUTE)
            closing = account.balance - sum(
                entry.amount for later in account.entries.values() for entry in later
            )
            opening = closing - sum(entry.amount for entry in entries)
            self._write(account, day, opening, closing, entries, visible)
            posted = max(at(bank_day_after(day), 8.75), visible + 15 * MINUTE)
            self.world.later(posted, self._import, account, account.postings.pop(day, []))

    def _write(
        self,
        account: Account,
        day: int,
        opening: int,
        closing: int,
        entries: list[BankEntry],
        visible: int,
    ) -> None:
        year = day_text(day)[:4]
        account.numbers[year] += 1
        statement = Statement(
            account.iban,
            account.bic,
            account.currency,
            account.company.record["name"],
            day,
            account.numbers[year],
            opening,
            closing,
            entries,
        )
        name, content = WRITERS[account.form](statement)
        self.world.store.add_file(account.iban, name, visible, content, account.channel)
        balances = (account.iban, account.currency, day, opening, closing)
        self.world.journal.note("statement", visible, balances)
        for number, entry in enumerate(entries, 1):
            for part, piece in enumerate((entry, *entry.parts)):
                self._note(account, visible, (account.iban, day, number, part), entry, piece)

    def _note(
        self,
        account: Account,
        visible: int,
        place: tuple[str, int, int, int],
        entry: BankEntry,
        piece: BankEntry,
    ) -> None:
        """Note an entry or a part of it; `place` is account, day, entry and part."""
        note = self.world.journal.note
        told = (account.currency, entry.value_day, piece.amount, piece.end_to_end, entry.kind)
        note("bank_entry", visible, (*place, *told, piece.party))
        for one in piece.pays:
            document = (account.company.id, one.item.move["id"], one.item.move["name"])
            note("allocation", visible, (*place, *document, one.amount, one.discount, one.charges))

    def _import(self, instant: int, account: Account, postings: list[Posting]) -> None:
        now, clear = [], postings
        for posting in clear:
            if self.dice.random() < 0.03:
                # An unclear reference: someone posts it days later, with the old date.
                wait = bank_day_after(business_day(instant), self.dice.randrange(1, 5))
                self.world.later(at(wait, 15, self.dice.randrange(3600)), self._post, [posting])
            else:
                now.append(posting)
        if now:
            self._post(instant, now)

    def _post(self, instant: int, postings: list[Posting]) -> None:
        with self.world.transaction(instant) as tx:
            for posting in postings:
                posting(tx)
