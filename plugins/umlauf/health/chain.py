"""The chain of bank statements: each begins with the balance at which the one before it ended.

A break is information, not damage: a statement that never came breaks it, and cash marts carry the
gap under its name (docs/decisions/0030).
"""

from __future__ import annotations

from collections.abc import Sequence

from umlauf.landing.batch import batch_files
from umlauf.landing.intact import naming_damage
from umlauf.storage.bucket_path import AnyPath
from umlauf.storage.parquet import connect

# Booked days alone; the same statement from two files counts once, pages of one follow each other.
_BREAKS = """
    with statements as (
        select distinct
            payload ->> '$.account' as account,
            coalesce(payload ->> '$.account_currency', '') as currency,
            cast(payload ->> '$.opening_date' as date) as opening_date,
            cast(payload ->> '$.closing_date' as date) as closing_date,
            coalesce(
                cast(payload ->> '$.legal_sequence' as bigint),
                cast(payload ->> '$.sequence' as bigint)
            ) as number,
            coalesce(cast(payload ->> '$.page' as bigint), 0) as page,
            cast(payload ->> '$.opening_balance' as decimal(38, 6)) as opening,
            cast(payload ->> '$.closing_balance' as decimal(38, 6)) as closing
        from (
            select * from read_parquet($files)
            qualify row_number()
                over (partition by record_key order by fetched_at desc, record_version desc) = 1
        )
        where
            not is_deleted
            and (payload ->> '$.kind') in ('053', '940')
            and (payload ->> '$.quarantine_reason') is null
            and (payload ->> '$.opening_balance') is not null
            and (payload ->> '$.closing_balance') is not null
    ),

    neighbours as (
        select
            *,
            lag(closing) over chain as closing_before,
            lag(number) over chain as number_before,
            lag(closing_date) over chain as date_before
        from statements
        window chain as (
            partition by account, currency order by closing_date, opening_date, number, page
        )
    )

    select account, currency, number_before, date_before, closing_before, number, opening_date,
        opening
    from neighbours
    where opening != closing_before
    order by account, currency, closing_date, number, page
"""


def chain_breaks(root: AnyPath, sources: Sequence[str]) -> list[str]:
    """Say of each break which statements are not neighbours, and by how much they differ."""
    found = []
    for source in sources:
        files = [str(file) for file in batch_files(root, source, "statements")]
        if files:
            with naming_damage(root, files), connect(root) as connection:
                rows = connection.execute(_BREAKS, {"files": files}).fetchall()
            found += [_sentence(source, *row) for row in rows]
    return found


def _sentence(source: str, account: str, currency: str, *statements: object) -> str:
    before, date_before, closing, number, opened, opening = statements
    return (
        f"{source} account {account} {currency}: statement {_number(before)} closes on "
        f"{date_before} at {_amount(closing)}, the next, {_number(number)}, opens on {opened} at "
        f"{_amount(opening)}: a statement between them never came, or was corrected"
    )


def _number(number: object) -> str:
    return "without a number" if number is None else str(number)


def _amount(amount: object) -> str:
    return f"{amount:,.2f}"
