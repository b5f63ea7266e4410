"""The example of shares/README.md, cut for two suppliers of the company, holds theirs alone."""

import re
import shutil
from pathlib import Path

import pytest

from tests.share.reading import check_sums, only
from umlauf.sandbox.clock import read_clock
from umlauf.settings import load_settings
from umlauf.share.deliver import deliver_all

pytestmark = pytest.mark.integration

README = Path(__file__).parents[2] / "shares" / "README.md"
BUSIEST = """
select supplier_ref
from truth.purchase_line as lines
where received_date is null
group by supplier_ref
order by count(*) desc, supplier_ref
limit 2
"""
# Of a line of which nothing has come nobody can say that it is not open.
OPEN = """
select line_id from truth.purchase_line as lines
where supplier_ref = '{ref}' and received_date is null
"""
ALL = "select line_id from truth.purchase_line as lines where supplier_ref = '{ref}'"
CARD = """
select cast(month as date), lines_due, lines_otif
from truth.supplier_scorecard as cards
where supplier_ref = '{ref}'
"""


@pytest.fixture(scope="module")
def shares(company, snapshot_file, tmp_path_factory):
    """Return by supplier's number what was delivered for it: the folder of its files."""
    home = tmp_path_factory.mktemp("shares")
    settings = load_settings(home=home / "var", shares=home / "declared")
    settings.marts_file.parent.mkdir(parents=True)
    settings.shares.mkdir()
    shutil.copy(snapshot_file, settings.marts_file)
    (example,) = re.findall(r"```yaml\n(.*?)```", README.read_text(), flags=re.DOTALL)
    places = {}
    with pytest.MonkeyPatch.context() as environment:
        for number, (ref,) in enumerate(company.rows(BUSIEST)):
            ((supplier,),) = company.rows(
                f"select supplier_id from core.dim_supplier where supplier_ref = '{ref}'"
            )
            text = example.replace("supplier_id: 17", f"supplier_id: {supplier}")
            text = text.replace("deliver_to: kabelwerk", f"deliver_to: partner_{number}")
            (settings.shares / f"partner_{number}.yml").write_text(text)
            places[ref] = home / f"place_{number}"
            places[ref].mkdir()
            environment.setenv(f"AIRFLOW_CONN_PARTNER_{number}", places[ref].as_uri())
        outcomes = deliver_all(settings, clock=lambda: read_clock(company.home))
    assert [one.text for one in outcomes if one.error] == []
    return {ref: only(place) for ref, place in places.items()}


def column(company, folder, table, name):
    found = company.rows(f"select {name} from '{folder}/{table}.parquet'")
    return [value for (value,) in found]


def test_each_supplier_gets_its_open_orders_and_no_other(company, shares):
    assert len(shares) == 2
    for ref, folder in shares.items():
        found = set(column(company, folder, "open_orders", "purchase_line_id"))

        assert found
        assert found >= {line for (line,) in company.rows(OPEN.format(ref=ref))}
        assert found <= {line for (line,) in company.rows(ALL.format(ref=ref))}
        assert check_sums(folder)


def test_each_supplier_gets_its_own_scorecard(company, shares):
    for ref, folder in shares.items():
        found = company.rows(
            f"select month_start_date, lines_due, lines_otif from '{folder}/scorecard.parquet'"
        )

        assert found
        assert sorted(found) == sorted(company.rows(CARD.format(ref=ref)))


def test_demand_is_of_products_that_one_supplier_alone_is_asked_for_first(company, shares):
    first, second = (
        set(column(company, folder, "demand_forecast", "product_id")) for folder in shares.values()
    )

    assert first
    assert second
    assert not first & second
