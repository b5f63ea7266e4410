"""Receivables, stock and payables at the end of every month, and the flows of the 90 days before.

Everything is in euros: each open item, document, income line and stock move at its day's rate, the
last one published, rounded to the cent.
"""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from umlauf.sandbox.journal import Diary
from umlauf.sandbox.stamps import month_start
from umlauf.sandbox.truth.columns import DAY, MONEY, table
from umlauf.sandbox.truth.earnings import deliveries
from umlauf.sandbox.truth.inventory import stock_days
from umlauf.sandbox.truth.ledgers import open_days, settlements
from umlauf.sandbox.truth.rates import COMPANY_CURRENCY, ToEuros, euro_converter

COLUMNS = (
    ("month", DAY),
    ("balance_date", DAY),
    ("receivables", MONEY),
    ("payables", MONEY),
    ("stock", MONEY),
    ("revenue", MONEY),
    ("invoiced", MONEY),
    ("billed", MONEY),
    ("cost_of_sales", MONEY),
)
WINDOW_DAYS = 90
SALES = ("sales_goods", "sales_software")
REVENUE = (*SALES, "discount_given")
BOUGHT = ("stock", "equipment", "purchases")
ByDay = dict[int, int]


def working_capital_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return working_capital: one row per month with anything open or in stock."""
    to_euros = euro_converter(diary)
    balances = _balances(diary, last_day, to_euros)
    flows = _flows(diary, to_euros)
    days = [day for by_day in balances.values() for day in by_day]
    if not days:
        return {"working_capital": table(COLUMNS, [])}
    rows, month = [], month_start(min(days))
    while month <= last_day:
        end = min(month_start(month, 1) - 1, last_day)
        held = [balances[name][end] for name in ("receivables", "payables", "stock")]
        moved = [
            sum(flows[name][day] for day in range(end - WINDOW_DAYS + 1, end + 1))
            for name in ("revenue", "invoiced", "billed", "cost_of_sales")
        ]
        rows.append((month, end, *held, *moved))
        month = month_start(month, 1)
    return {"working_capital": table(COLUMNS, rows)}


def _balances(diary: Diary, last_day: int, to_euros: ToEuros) -> dict[str, ByDay]:
    balances: dict[str, ByDay] = {
        name: defaultdict(int) for name in ("receivables", "payables", "stock")
    }
    steps = settlements(diary)
    for item in diary.facts("open_item"):
        name, sign = ("receivables", 1) if item[1] == "receivable" else ("payables", -1)
        for day, company, *_, balance in open_days(item, steps[item[0]], sign, last_day):
            balances[name][day] += to_euros(balance, COMPANY_CURRENCY[int(company)], day)
    # Goods are the German company's.
    for day, *_, value in stock_days(diary, diary.facts("stock_move"), last_day):
        balances["stock"][day] += value
    return balances


def _flows(diary: Diary, to_euros: ToEuros) -> dict[str, ByDay]:
    revenue: ByDay = defaultdict(int)
    about: dict[int, set[str]] = defaultdict(set)
    for company, move, day, account, balance in diary.facts("posting"):
        about[move].add(account)
        if account in REVENUE:
            revenue[day] -= to_euros(balance, COMPANY_CURRENCY[company], day)
    invoiced: ByDay = defaultdict(int)
    billed: ByDay = defaultdict(int)
    for _, ledger, company, move, _, _, _, day, _, _, balance in diary.facts("open_item"):
        if ledger == "receivable" and not about[move].isdisjoint(SALES):
            invoiced[day] += to_euros(balance, COMPANY_CURRENCY[company], day)
        elif ledger == "payable" and not about[move].isdisjoint(BOUGHT):
            billed[day] -= to_euros(balance, COMPANY_CURRENCY[company], day)
    cost_of_sales: ByDay = defaultdict(int)
    for _, _, day, cost in deliveries(diary):
        cost_of_sales[day] += cost
    return {
        "revenue": revenue,
        "invoiced": invoiced,
        "billed": billed,
        "cost_of_sales": cost_of_sales,
    }
