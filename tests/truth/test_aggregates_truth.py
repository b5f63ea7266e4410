"""Conversion, scorecards and product figures against what the company's own diary adds up to."""

import pytest

pytestmark = pytest.mark.integration

CONVERSION = """
select cohort_month, stage_id, segment, entered, advanced, won, lost, still_open, left_stage,
    median_days, p90_days
from pipeline.agg_stage_conversion
"""
CONVERSION_KNOWN = """
select month, stage_id, coalesce(segment, 'unknown'), entered, advanced, won, lost, still_open,
    left_stage, median_days, p90_days
from truth.stage_conversion as conversion
"""
# By the parts that the ratios are made of.
VELOCITY = """
select month_start_date, segment, owner_id, open_deals, won_deals, lost_deals,
    won_year_amount_reporting, won_year_days, mean_won_amount_reporting, cycle_days,
    won_amount_reporting, opening_amount_reporting
from pipeline.agg_sales_velocity
"""
VELOCITY_KNOWN = """
select month, coalesce(segment, 'unknown'), coalesce(owner_id, 'none'), open_deals, won_deals,
    lost_deals, won_year, won_days, round(won_year / nullif(won_deals, 0), 2)::decimal(18, 2),
    round(won_days / nullif(won_deals, 0), 4)::decimal(18, 4), won_month, opening
from truth.sales_velocity as velocity
"""
SCORECARD = """
select supplier_ref, month_start_date, lines_due, lines_otif, lines_open, lead_time_p50_days,
    lead_time_p90_days, delay_p50_days, delay_p90_days, spend_reporting,
    last_price_variance_reporting, standard_price_variance_reporting
from inventory.agg_supplier_scorecard
inner join core.dim_supplier using (supplier_id)
"""
SCORECARD_KNOWN = "select * from truth.supplier_scorecard as cards"
CLASSES = """
select product_code, abc_class, xyz_class, year_units, consumption_value, weeks_seen
from inventory.agg_abc_xyz
inner join core.dim_product using (product_id)
"""
CLASSES_KNOWN = "select * from truth.product_class as classes"
HEALTH = """
select product_code, on_hand_units, value_reporting, age_0_90_units, age_91_180_units,
    age_181_365_units, age_over_365_units, last_delivered_date, is_dead, days_held,
    mean_value_reporting, cost_of_goods_reporting, revenue_reporting, margin_reporting,
    gmroi_ratio
from inventory.agg_stock_health
inner join core.dim_product using (product_id)
"""
HEALTH_KNOWN = """
select *, round(margin / nullif(mean_value, 0), 4)::decimal(18, 4)
from truth.stock_health as health
"""
# Of what is shared out, the sums that are no matter of shares: a family's goods, a segment's
# customers, a supplier's bills.
GOODS = """
select product_family, sum(stock_value_reporting), sum(cost_of_sales_365_days_reporting)
from cash_flow.fct_cash_productivity
group by product_family having sum(stock_value_reporting) <> 0
"""
GOODS_KNOWN = """
select product_family, sum(value), sum(cost_of_goods)
from truth.stock_health as health inner join core.dim_product using (product_code)
group by product_family
"""
# What no document ties to a product, as a discount, is of no family and no maker.
EARNINGS = """
select product_family, coalesce(supplier_ref, 'unallocated'), segment, revenue_365_days_reporting,
    cost_of_sales_365_days_reporting, margin_365_days_reporting
from cash_flow.fct_cash_productivity left join core.dim_supplier using (supplier_id)
where revenue_365_days_reporting <> 0 or cost_of_sales_365_days_reporting <> 0
"""
EARNINGS_KNOWN = """
select coalesce(product_family, 'unallocated'), coalesce(supplier_ref, 'unallocated'),
    coalesce(segment, 'unknown'), revenue, cost_of_sales, margin
from truth.earnings as earnings where revenue <> 0 or cost_of_sales <> 0
"""
# The companies keep their books in currencies of their own.
IN_EUROS = """
inner join intermediate.int_companies using (company_id)
inner join core.fct_fx_rate_daily as rates
    on rates.currency_code = int_companies.currency_code and rates.day = owed.day
"""
EUROS = "sum(cast(round(open_amount_company / units_per_reporting, 2) as decimal(18, 2)))"
OWED_BY = """
select segment, sum(receivables_reporting)
from cash_flow.fct_cash_productivity group by segment having sum(receivables_reporting) <> 0
"""
OWED_BY_KNOWN = f"""
select segment, {EUROS} from truth.receivable_daily as owed
inner join core.dim_customer on partner_ref = customer_id {IN_EUROS}
where owed.day = date '2026-11-20' group by segment
"""
OWED_TO = """
select coalesce(supplier_ref, 'unallocated'), sum(payables_reporting)
from cash_flow.fct_cash_productivity left join core.dim_supplier using (supplier_id)
group by supplier_ref having sum(payables_reporting) <> 0
"""
OWED_TO_KNOWN = f"""
select partner_ref, {EUROS} from truth.payable_daily as owed {IN_EUROS}
where owed.day = date '2026-11-20' group by partner_ref
"""


@pytest.mark.parametrize(
    ("found", "known", "at_least"),
    [
        pytest.param(CONVERSION, CONVERSION_KNOWN, 100, id="stage_conversion"),
        pytest.param(VELOCITY, VELOCITY_KNOWN, 100, id="sales_velocity"),
        pytest.param(SCORECARD, SCORECARD_KNOWN, 50, id="supplier_scorecard"),
        pytest.param(CLASSES, CLASSES_KNOWN, 7, id="product_classes"),
        pytest.param(HEALTH, HEALTH_KNOWN, 7, id="stock_health"),
        pytest.param(GOODS, GOODS_KNOWN, 2, id="cash_in_goods"),
        pytest.param(EARNINGS, EARNINGS_KNOWN, 10, id="revenue_and_margin"),
        pytest.param(OWED_BY, OWED_BY_KNOWN, 2, id="cash_owed_by_segments"),
        pytest.param(OWED_TO, OWED_TO_KNOWN, 1, id="cash_owed_to_suppliers"),
    ],
)
def test_the_mart_holds_what_the_diary_adds_up_to(company, found, known, at_least):
    found, known = set(company.rows(found)), set(company.rows(known))

    assert len(known) >= at_least
    assert found - known == set()
    assert known - found == set()


@pytest.mark.parametrize(
    ("case", "query"),
    [
        ("deals that are still open", "pipeline.agg_stage_conversion where still_open > 0"),
        ("lines that never came", "inventory.agg_supplier_scorecard where lines_open > 0"),
        ("products below the first class", "inventory.agg_abc_xyz where abc_class <> 'A'"),
        ("old stock", "inventory.agg_stock_health where age_181_365_units > 0"),
        ("dead stock", "inventory.agg_stock_health where is_dead"),
    ],
)
def test_the_company_has_the_cases_that_are_hard(company, case, query):
    found = company.rows(f"select count(*) from {query}")

    assert found
    assert found[0][0] > 0, f"no {case}: the comparison proves less"
