"""What was earned in a year, by family, maker and segment: revenue less what the goods had cost.

In euros: each line of an invoice and each discount at its day's rate, goods at the value with which
they left or came back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyarrow as pa

from umlauf.sandbox.journal import Diary
from umlauf.sandbox.truth.columns import MONEY, TEXT, table
from umlauf.sandbox.truth.rates import COMPANY_CURRENCY, euro_converter

COLUMNS = (
    ("product_family", TEXT),
    ("supplier_ref", TEXT),
    ("segment", TEXT),
    ("revenue", MONEY),
    ("cost_of_sales", MONEY),
    ("margin", MONEY),
)
YEAR = 365


def earning_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return earnings; a discount is of no family and no maker, and software has no maker."""
    year = range(last_day - YEAR + 1, last_day + 1)
    catalogue = {code: (family, maker) for code, family, maker in diary.facts("product")}
    segments: dict[str, str | None] = dict(diary.facts("customer"))
    buyers: dict[int, str] = dict(diary.facts("sale_order"))
    earned: dict[tuple[str | None, ...], list[int]] = defaultdict(lambda: [0, 0])
    for product, customer, day, amount in revenues(diary):
        if day in year:
            family, maker = catalogue[product] if product else (None, None)
            earned[family, maker, segments[customer]][0] += amount
    for order, product, day, cost in deliveries(diary):
        if day in year:
            earned[*catalogue[product], segments[buyers[order]]][1] += cost
    rows = [(*place, revenue, cost, revenue - cost) for place, (revenue, cost) in earned.items()]
    return {"earnings": table(COLUMNS, rows)}


def revenues(diary: Diary) -> Iterator[tuple[str | None, str, int, int]]:
    """Yield (product, customer, day, cents of euros); no product for a discount granted."""
    to_euros = euro_converter(diary)
    buyers: dict[int, str] = dict(diary.facts("sale_order"))
    for company, order, product, day, amount in diary.facts("sale"):
        yield product, buyers[order], day, to_euros(amount, COMPANY_CURRENCY[company], day)
    payers = {move: partner for _, _, _, move, _, partner, *_ in diary.facts("open_item")}
    for company, move, day, account, balance in diary.facts("posting"):
        if account == "discount_given":
            yield None, payers[move], day, -to_euros(balance, COMPANY_CURRENCY[company], day)


def deliveries(diary: Diary) -> Iterator[tuple[int, str, int, int]]:
    """Yield (order, product, day, cents) of what went to customers, negative if it came back.

    The value is in the German company's books: goods are its own.
    """
    orders = {
        line: order
        for source, order, target, line in diary.facts("link")
        if (source, target) == ("sale.order", "stock.move.line")
    }
    for line, product, source, _, _, day, value in diary.facts("stock_move"):
        if line in orders:
            yield orders[line], product, day, value if source is not None else -value
