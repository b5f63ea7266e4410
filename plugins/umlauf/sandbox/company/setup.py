"""What stands before the first day of business: companies, accounts, journals, units, places."""

from __future__ import annotations

from dataclasses import dataclass, field

from umlauf.sandbox.company.world import Record, Transaction

GERMAN = "Umlauf Sandbox GmbH"
SWISS = "Umlauf Sandbox Schweiz AG"
COUNTRIES = {
    "DE": (57, "Germany"), "AT": (12, "Austria"), "CH": (43, "Switzerland"),
    "FR": (75, "France"), "NL": (165, "Netherlands"), "PL": (179, "Poland"),
    "US": (233, "United States"), "CN": (48, "China"), "TW": (227, "Taiwan"),
    "CZ": (56, "Czech Republic"), "DK": (59, "Denmark"), "IT": (109, "Italy"),
}  # fmt: skip
ACCOUNTS = {
    "receivable": ("1200", "Trade receivables", "asset_receivable"),
    "payable": ("1600", "Trade payables", "liability_payable"),
    "bank": ("1800", "Bank", "asset_cash"),
    "bank_usd": ("1810", "Bank USD", "asset_cash"),
    "transit": ("1460", "Cash in transit", "asset_current"),
    "equipment": ("0620", "Warehouse equipment", "asset_fixed"),
    "stock": ("1140", "Goods", "asset_current"),
    "input_tax": ("1406", "Input VAT", "asset_current"),
    "output_tax": ("3806", "Output VAT", "liability_current"),
    "loan": ("3150", "Bank loan", "liability_non_current"),
    "equity": ("2900", "Capital", "equity"),
    "sales_goods": ("4400", "Sales of goods", "income"),
    "sales_software": ("4410", "Sales of software", "income"),
    "purchases": ("5400", "Goods purchased", "expense_direct_cost"),
    "discount_given": ("4730", "Discounts granted", "income"),
    "discount_taken": ("5730", "Discounts received", "expense_direct_cost"),
    "salaries": ("6020", "Salaries", "expense"),
    "social": ("6110", "Social security", "expense"),
    "rent": ("6310", "Rent", "expense"),
    "services": ("6300", "Other operating costs", "expense"),
    "bank_fees": ("6855", "Bank charges", "expense"),
    "interest": ("7310", "Interest paid", "expense"),
    "income_tax": ("7600", "Income tax", "expense"),
    "exchange_gain": ("4840", "Exchange gains", "income_other"),
    "exchange_loss": ("6880", "Exchange losses", "expense"),
}  # fmt: skip
JOURNALS = {
    "sales": ("Customer Invoices", "INV", "sale"),
    "purchases": ("Vendor Bills", "BILL", "purchase"),
    "bank": ("Bank", "BNK1", "bank"),
    "bank_usd": ("Bank USD", "BNK2", "bank"),
    "misc": ("Miscellaneous Operations", "MISC", "general"),
    "exchange": ("Exchange Difference", "EXCH", "general"),
}
# Bank accounts by the company's currency and the journal they are kept in.
IBANS = {
    ("EUR", "bank"): "DE89370400440532013000",
    ("EUR", "bank_usd"): "DE02120300000000202051",
    ("CHF", "bank"): "CH9300762011623852957",
}


def ref(record: Record, name: str = "name") -> list[int | str]:
    """Return a many2one as Odoo shows it: [id, display name]."""
    return [record["id"], record[name]]


@dataclass(slots=True)
class Company:
    """One legal entity with its books."""

    record: Record
    currency: str
    ref: list[int | str]
    currency_ref: list[int | str]
    accounts: dict[str, list[int | str]] = field(default_factory=dict)
    journals: dict[str, list[int | str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """Odoo's id of the company."""
        return int(self.record["id"])


@dataclass(slots=True)
class Foundation:
    """Everything set up once."""

    currencies: dict[str, Record] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    units: dict[str, list[int | str]] = field(default_factory=dict)

    def country(self, code: str) -> list[int | str]:
        """Return a country as a many2one."""
        number, name = COUNTRIES[code]
        return [number, name]

    def currency(self, code: str) -> list[int | str]:
        """Return a currency as a many2one."""
        return ref(self.currencies[code])


def lay_foundation(tx: Transaction) -> Foundation:
    """Write the records that everything else refers to."""
    base = Foundation()
    for code in ("EUR", "USD", "CHF", "GBP", "JPY"):
        base.currencies[code] = tx.create(
            "res.currency",
            {
                "name": code,
                "decimal_places": 0 if code == "JPY" else 2,
                "rounding": 1.0 if code == "JPY" else 0.01,
            },
            active=code in ("EUR", "USD", "CHF"),
        )
    for name, code, country in ((GERMAN, "EUR", "DE"), (SWISS, "CHF", "CH")):
        base.companies[code] = _found(tx, base, name, code, country)
    _make_units(tx, base)
    return base


def _found(tx: Transaction, base: Foundation, name: str, code: str, country: str) -> Company:
    partner = tx.create(
        "res.partner",
        partner_values(name, base.country(country), ref_text=False, kind=(0, 0)),
        active=True,
    )
    record = tx.create(
        "res.company",
        {"name": name, "currency_id": base.currency(code), "partner_id": ref(partner)},
    )
    company = Company(record, code, ref(record), base.currency(code))
    for key, (number, label, kind) in ACCOUNTS.items():
        account = tx.create(
            "account.account",
            {
                "code": number,
                "name": label,
                "account_type": kind,
                "reconcile": key in ("receivable", "payable", "transit"),
                "company_ids": [company.id],
            },
            active=True,
        )
        company.accounts[key] = [account["id"], f"{number} {label}"]
    for key, (label, short, kind) in JOURNALS.items():
        currency = base.currency("USD") if key == "bank_usd" else False
        journal = tx.create(
            "account.journal",
            {
                "name": label,
                "code": short,
                "type": kind,
                "currency_id": currency,
                "bank_acc_number": IBANS.get((code, key), False),
                "company_id": company.ref,
            },
            active=True,
        )
        company.journals[key] = ref(journal)
        company.codes[key] = short
    return company


def _make_units(tx: Transaction, base: Foundation) -> None:
    unit = tx.create("uom.uom", _unit("Units", 1.0, False), active=True)
    pack = tx.create("uom.uom", _unit("Pack of 10", 10.0, ref(unit)), active=True)
    hour = tx.create("uom.uom", _unit("Hours", 1.0, False), active=True)
    tx.create("uom.uom", _unit("Days", 8.0, ref(hour)), active=True)
    base.units = {"unit": ref(unit), "pack": ref(pack), "hour": ref(hour)}


def _unit(name: str, factor: float, relative: list[int | str] | bool) -> Record:
    return {
        "name": name,
        "factor": factor,
        "relative_factor": factor,
        "relative_uom_id": relative,
    }


def partner_values(
    name: str,
    country: list[int | str],
    *,
    ref_text: str | bool,
    kind: tuple[int, int],
    parent: list[int | str] | bool = False,
    email: str | bool = False,
    vat: str | bool = False,
    categories: tuple[int, ...] = (),
) -> Record:
    """Return the fields of a partner; `kind` is (customer rank, supplier rank)."""
    return {
        "name": name,
        "ref": ref_text,
        "is_company": parent is False,
        "parent_id": parent,
        "country_id": country,
        "vat": vat,
        "email": email,
        "customer_rank": kind[0],
        "supplier_rank": kind[1],
        "category_id": list(categories),
        "company_id": False,
    }
