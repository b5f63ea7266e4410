"""Double entry as Odoo keeps it: moves that balance, with their receivable and payable items.

All amounts are whole cents, debit positive.
"""

from __future__ import annotations

from collections import defaultdict

from umlauf.sandbox.company.documents import Document, Entry, Item
from umlauf.sandbox.company.fx import Rates
from umlauf.sandbox.company.setup import Company, Foundation, ref
from umlauf.sandbox.company.world import Record, Transaction, World
from umlauf.sandbox.stamps import day_text

MOVE, LINE = "account.move", "account.move.line"
IN_SIGN = {"out_invoice": 1, "in_refund": 1, "entry": 1, "out_refund": -1, "in_invoice": -1}


class Ledger:
    """Posts moves and reconciles their items."""

    def __init__(self, world: World, base: Foundation, rates: Rates) -> None:
        self.world = world
        self.base = base
        self.rates = rates
        self._tax: dict[int, list[tuple[int, str, int]]] = defaultdict(list)

    def number(self, company: Company, journal: str, day: int, prefix: str = "") -> str:
        """Return the next number of a journal; the two companies count alike."""
        key = f"{prefix}{company.codes[journal]}/{day_text(day)[:4]}"
        company.numbers[key] = company.numbers.get(key, 0) + 1
        return f"{key}/{company.numbers[key]:05}"

    def post(
        self, tx: Transaction, company: Company, document: Document, entries: list[Entry]
    ) -> tuple[Record, list[Item]]:
        """Post a move; return it and its receivable and payable items in line order."""
        self._weigh(company, document, entries)
        name = document.name or self.number(company, document.journal, document.day)
        move = tx.create(MOVE, self._move(company, document, entries, name))
        items = []
        for entry in entries:
            line = tx.create(LINE, self._line(company, document, entry, move))
            if entry.kind == "tax":
                self._tax[company.id].append((document.day, entry.account, entry.balance or 0))
            if entry.account in ("receivable", "payable"):
                items.append(self._open(tx, company, document, entry, move, line))
            else:
                posting = (company.id, move["id"], document.day, entry.account, entry.balance or 0)
                tx.fact("posting", *posting)
        return move, items

    def take_tax(self, company: Company, end: int) -> dict[str, int]:
        """Return the balance per tax account of what is dated before `end`, each item once."""
        balances: dict[str, int] = defaultdict(int)
        later = []
        for item in self._tax[company.id]:
            day, account, balance = item
            if day < end:
                balances[account] += balance
            else:
                later.append(item)
        self._tax[company.id] = later
        return balances

    def draft(
        self, tx: Transaction, company: Company, partner: Record, currency: str, day: int
    ) -> list[tuple[str, int]]:
        """Write an invoice nobody posted: no number, no open item. Return its records."""
        document = Document("out_invoice", "sales", day, currency, partner, day, day + 30)
        entries = [
            Entry("receivable", 50_000, kind="payment_term", due=day + 30),
            Entry("sales_software", -50_000, "Draft"),
        ]
        self._weigh(company, document, entries)
        unnamed = {"name": False, "state": "draft", "payment_reference": False}
        move = tx.create(MOVE, self._move(company, document, entries, "") | unnamed)
        made = [(MOVE, int(move["id"]))]
        for entry in entries:
            values = self._line(company, document, entry, move) | {"parent_state": "draft"}
            made.append((LINE, int(tx.create(LINE, values)["id"])))
        return made

    def _weigh(self, company: Company, document: Document, entries: list[Entry]) -> None:
        """Give each entry its balance in the company's currency; the last open one takes cents."""
        for entry in entries:
            if entry.balance is None:
                entry.balance = self.rates.convert(
                    entry.amount, document.currency, company.currency, document.day
                )
        rest = sum(entry.balance or 0 for entry in entries)
        if rest:
            entries[0].balance = (entries[0].balance or 0) - rest
        if sum(entry.amount for entry in entries):
            raise ValueError(f"{document.kind} of {document.day} does not balance: {entries}")

    def _move(
        self, company: Company, document: Document, entries: list[Entry], name: str
    ) -> Record:
        is_entry = document.kind == "entry"
        counted = [
            entry
            for entry in entries
            if (entry.amount > 0 if is_entry else entry.account in ("receivable", "payable"))
        ]
        side = IN_SIGN[document.kind]
        total = side * sum(entry.amount for entry in counted)
        total_company = sum(entry.balance or 0 for entry in counted)
        tax = -side * sum(entry.amount for entry in entries if entry.kind == "tax")
        partner = ref(document.partner) if document.partner else False
        return {
            "name": name,
            "move_type": document.kind,
            "partner_id": partner,
            "commercial_partner_id": partner,
            "state": "posted",
            "date": day_text(document.day),
            "invoice_date": day_text(document.invoice_day or document.day)
            if not is_entry
            else False,
            "invoice_date_due": day_text(document.due) if document.due else False,
            "currency_id": self.base.currency(document.currency),
            "company_currency_id": company.currency_ref,
            "amount_untaxed": 0.0 if is_entry else (total - tax) / 100,
            "amount_tax": 0.0 if is_entry else tax / 100,
            "amount_total": total / 100,
            "amount_residual": 0.0 if is_entry else total / 100,
            "amount_total_signed": total_company / 100,
            "amount_residual_signed": 0.0 if is_entry else total_company / 100,
            "payment_state": "not_paid",
            "payment_reference": False if is_entry else document.label or name,
            "ref": document.reference,
            "invoice_origin": document.origin,
            "reversed_entry_id": document.reversed_move,
            "journal_id": company.journals[document.journal],
            "company_id": company.ref,
        }

    def _line(self, company: Company, document: Document, entry: Entry, move: Record) -> Record:
        balance = entry.balance or 0
        is_open = entry.account in ("receivable", "payable")
        return {
            "move_id": [move["id"], move["name"]],
            "move_name": move["name"],
            "date": move["date"],
            "date_maturity": day_text(entry.due) if entry.due else False,
            "account_id": company.accounts[entry.account],
            "partner_id": move["partner_id"],
            "product_id": entry.product,
            "quantity": entry.units,
            "price_unit": entry.price,
            "debit": max(balance, 0) / 100,
            "credit": max(-balance, 0) / 100,
            "balance": balance / 100,
            "amount_currency": entry.amount / 100,
            "currency_id": move["currency_id"],
            "company_currency_id": company.currency_ref,
            "amount_residual": balance / 100 if is_open else 0.0,
            "amount_residual_currency": entry.amount / 100 if is_open else 0.0,
            "reconciled": False,
            "display_type": entry.kind,
            "parent_state": "posted",
            "name": entry.name or False,
            "ref": document.reference,
            "company_id": company.ref,
            "purchase_line_id": entry.purchase_line,
            "sale_line_ids": list(entry.sale_lines),
        }

    def _open(
        self,
        tx: Transaction,
        company: Company,
        document: Document,
        entry: Entry,
        move: Record,
        line: Record,
    ) -> Item:
        due = entry.due or document.due or document.day
        item = Item(
            move,
            line,
            company,
            document.currency,
            document.day,
            due,
            entry.balance or 0,
            entry.amount,
            document.partner,
        )
        tx.fact(
            "open_item",
            line["id"],
            entry.account,
            company.id,
            move["id"],
            move["name"],
            document.partner["ref"] or None if document.partner else None,
            document.currency,
            document.day,
            due,
            entry.amount,
            entry.balance or 0,
        )
        return item
