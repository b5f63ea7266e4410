"""Money to pay with: capital when euros run out, own transfers for dollars and francs."""

from __future__ import annotations

from umlauf.sandbox.company.bank import Account
from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.fx import MILLION, rounded
from umlauf.sandbox.company.payments import record_cost
from umlauf.sandbox.company.statement import CREDIT_TRANSFER, RECEIVED, BankEntry
from umlauf.sandbox.company.world import Transaction


class Funds:
    """The treasury: sees to it that no account runs dry."""

    def __init__(self, business: Business) -> None:
        self.business = business
        self.world = business.world

    def ensure(self, account: Account, amount: int, day: int) -> None:
        """Bring money in before an amount is paid that would leave too little."""
        floor = self.world.sized(20_000_000)
        if account.balance - amount >= floor:
            return
        needed = amount + 2 * floor - account.balance
        if account.currency == "EUR":
            self._raise_capital(account, needed, day)
        else:
            self._transfer(account, needed, day)

    def _raise_capital(self, account: Account, needed: int, day: int) -> None:
        tranche = self.world.sized(120_000_000)
        amount = tranche * (1 + needed // tranche)
        entry = BankEntry(
            amount,
            "equity",
            "Umlauf Beteiligungen KG",
            "DE44500105175407324931",
            text="Kapitaleinlage",
            nature="TRF",
        )

        def posting(tx: Transaction) -> None:
            record_cost(tx, self.business.ledger, account, day, [("equity", -amount)], entry.text)

        self.business.bank.book(account, day, entry, posting)

    def _transfer(self, account: Account, needed: int, day: int) -> None:
        """Buy dollars or francs with euros."""
        source = self.business.account_for("EUR")
        rate = self.business.rates.company_rate(account.currency, "EUR", day)
        euros = rounded(needed * MILLION, rate) // 100_000 * 100_000 + 100_000
        received = rounded(euros * rate, MILLION)
        self.ensure(source, euros, day)
        own = account.company is source.company
        counter = "transit" if own else "equity"
        for place, amount, other in ((source, -euros, account), (account, received, source)):
            text = f"Uebertrag {source.currency} {account.currency}"
            entry = BankEntry(
                amount,
                "transfer",
                other.company.record["name"],
                other.iban,
                text=text,
                code=CREDIT_TRANSFER if amount < 0 else RECEIVED,
            )

            def posting(
                tx: Transaction, place: Account = place, amount: int = amount, text: str = text
            ) -> None:
                parts = [(counter, -amount)]
                record_cost(tx, self.business.ledger, place, day, parts, text)

            self.business.bank.book(place, day, entry, posting)
