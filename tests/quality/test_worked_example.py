"""The example of docs/decisions/0061 says what the code says."""

import re
from pathlib import Path

from tests.quality.drifting import Shop
from umlauf.quality.drift import is_breaking

PAGE = (
    Path(__file__).parents[2] / "docs/decisions/0061-a-source-promises-its-fields-in-a-contract.md"
)
PROMISED = """\
required:
  id: text
  properties.amount: number
optional:
  properties.dealname: text
"""


def test_the_table_of_the_example_is_what_is_found(tmp_path):
    example = PAGE.read_text().partition("## Example")[2]
    before, after = re.findall(r"^\{.*\}$", example, flags=re.MULTILINE)
    shop = Shop(tmp_path)
    shop.promise(PROMISED)
    shop.land(*[before] * 28, *[after] * 12)

    told = [
        (
            one.path,
            f"{one.field.section} {one.expected}" if one.field else "-",
            one.came,
            f"{one.records} of {one.judged}",
            "critical" if is_breaking(one) else "warning",
        )
        for one in shop.differences()
    ]

    rows = re.findall(r"^\| (prop[^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| (\w+)", example, re.M)
    assert told == [tuple(row) for row in rows]
