"""Bank statements from files: camt.052, 053, 054 and MT940, MT942, from a folder or over SFTP.

Amounts are exact decimals in the booking's currency, positive is cash in. Dates are the bank's
own. Payloads: `Statement` and `Entry` of umlauf.formats.model, `FileRecord` of
umlauf.landing.raw_files.
"""

from datetime import UTC, datetime

from umlauf.landing.files import land_files
from umlauf.spec import Source, Stream

SOURCE = Source(
    name="bank",
    conn_id="bank_default",
    start=datetime(2000, 1, 1, tzinfo=UTC),
    owner="finance-data",
    land=land_files,
    streams=(
        Stream(name="files", path="files", key="sha256", version="received_at"),
        Stream(name="statements", path="statements", key="statement_key", version="created_at"),
        Stream(name="entries", path="entries", key="entry_key"),
    ),
)
