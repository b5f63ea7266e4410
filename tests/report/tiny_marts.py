"""A published snapshot small enough to add up by hand; the business date is 2026-03-31."""

from datetime import timedelta

import duckdb

from umlauf.landing.batch import SCHEMA, BatchAbout, commit_batch
from umlauf.landing.windows import day_bounds
from umlauf.sources.registry import all_sources

BUILD = "20260401T030000Z-0123456789"

_TABLES = """
create schema core; create schema pipeline; create schema inventory; create schema cash_flow;
create schema trust;
create table core.dim_date as
    select cast(range as date) as day, '{build}' as build_id
    from range(date '2025-01-01', date '2026-12-31', interval 1 day);
create table core.dim_deal_stage as from (values
    ('s1', 'Qualified', 'Sales', 1), ('s2', 'Offer', 'Sales', 2)
) as t(stage_id, stage_name, pipeline_name, stage_order);
create table core.dim_warehouse as from (values ('w1', 'BER'), ('w2', 'MUC')) as
    t(warehouse_id, warehouse_code);
create table core.dim_product as from (values
    ('p1', 'CMP-1', 'Gateway', 20), ('p2', 'CMP-2', 'Antenna', 20), ('p3', 'CMP-3', 'Case', null)
) as t(product_id, product_code, product_name, lead_time_days);
create table core.dim_supplier as from (values ('s1', 'Acme')) as t(supplier_id, supplier_name);
create table core.dim_owner as from (values ('o1', 'Kim')) as t(owner_id, owner_name);
create table core.dim_customer as from (values ('c1', 'e1', 'Town'), ('c2', 'e2', 'Museum AG')) as
    t(customer_id, erp_partner_id, customer_name);
create table pipeline.fct_deal as
    select *, 'c1' as customer_id, 'o1' as owner_id, date '2026-05-01' as expected_close_date
    from (values
        ('d1', 'Town hall', false, false, 150.00, true, 0, 0),
        ('d2', 'Library', false, false, 200.00, false, 31, 1),
        ('d3', 'Harbour', true, false, 400.00, true, 90, 3),
        ('d4', 'School', false, true, 800.00, false, 90, 3),
        ('d5', 'Museum', false, false, 1000.00, false, 29, 1)
    ) as t(deal_id, deal_name, is_won, is_lost, amount_reporting, is_stale, slipped_days,
        push_count);
alter table pipeline.fct_deal add column is_open boolean;
update pipeline.fct_deal set is_open = not is_won and not is_lost;
create table pipeline.fct_pipeline_daily as
    select day, deal_id, stage_id, expected_close_date,
        cast(amount as decimal(18, 2)) as amount, 'EUR' as currency_code,
        cast(amount as decimal(18, 2)) as amount_reporting,
        cast(amount * 0.5 as decimal(18, 2)) as weighted_amount_reporting
    from (values
        (date '2026-03-30', 'd1', 's1', date '2026-05-01', 100),
        (date '2026-03-30', 'd2', 's1', date '2026-05-01', 200),
        (date '2026-03-30', 'd3', 's2', date '2026-05-01', 400),
        (date '2026-03-30', 'd4', 's2', date '2026-05-01', 800),
        (date '2026-03-31', 'd1', 's1', date '2026-05-01', 150),
        (date '2026-03-31', 'd2', 's1', date '2026-06-01', 200),
        (date '2026-03-31', 'd5', 's2', date '2026-06-01', 1000)
    ) as t(day, deal_id, stage_id, expected_close_date, amount);
create table cash_flow.fct_cash_daily as
    select day, account_id, 'EUR' as currency_code,
        cast(i as decimal(18, 2)) as inflow, cast(o as decimal(18, 2)) as outflow,
        cast(c as decimal(18, 2)) as closing, cast(i as decimal(18, 2)) as inflow_reporting,
        cast(o as decimal(18, 2)) as outflow_reporting,
        cast(c as decimal(18, 2)) as closing_reporting,
        account_id = 'DE2' and day = date '2026-03-31' as has_gap, day as last_statement_date
    from (values
        (date '2026-03-01', 'DE1', 999, 0, 1000), (date '2026-03-02', 'DE1', 10, 4, 1006),
        (date '2026-03-30', 'DE1', 0, 6, 1000), (date '2026-03-31', 'DE1', 50.25, 0, 1050.25),
        (date '2026-03-30', 'DE2', 0, 0, 70), (date '2026-03-31', 'DE2', 0, 30, 40)
    ) as t(day, account_id, i, o, c);
create table cash_flow.fct_bank_entry as from (values
    ('b1', date '2026-03-31', 'customer_payment', 50.25, true),
    ('b2', date '2026-03-31', 'rent', -30, true), ('b3', date '2026-03-31', 'rent', -30, false),
    ('b4', date '2026-03-30', 'rent', -6, true)
) as t(entry_id, balance_date, category, amount_reporting, is_leaf);
create table cash_flow.fct_payment_match as from (values
    ('b1', 'INV/7', 10.00), ('b1', 'INV/8', 40.25), ('b9', 'INV/9', 99.00)
) as t(entry_id, document_name, amount);
create table cash_flow.fct_receivable_daily as from (values
    (date '2026-03-31', 'e1', 'INV/1', 'not due', -5, 300.00),
    (date '2026-03-31', 'e1', 'INV/2', '1-30', 3, 20.00),
    (date '2026-03-31', 'e1', 'INV/3', '1-30', 4, 5.00),
    (date '2026-03-31', 'e9', 'CN/1', '1-30', 9, -7.00),
    (date '2026-03-31', 'e9', 'INV/4', '1-30', 9, 7.00),
    (date '2026-03-30', 'e1', 'INV/5', 'over 90', 99, 7777.00)
) as t(day, partner_id, document_name, ageing_bucket, days_overdue, open_amount_reporting);
create table cash_flow.agg_payment_behaviour as from (values ('c1', 2)) as
    t(customer_id, days_late_p50);
create table cash_flow.fct_cash_forecast as
    select week, week + 6 as week_to_date, tier, o as tier_order, i as inflow_reporting,
        x as outflow_reporting, i - x as net_reporting, p as p10_closing_reporting,
        p + 10 as p50_closing_reporting, p + 20 as p90_closing_reporting
    from (values
        (date '2026-04-01', 'bank_balance', 1, 0.00, 0.00, null),
        (date '2026-04-01', 'due_items', 2, 50.00, 20.00, null),
        (date '2026-04-01', 'recurring', 6, 0.00, 5.00, 1100.00),
        (date '2026-04-08', 'due_items', 2, 0.00, 900.00, null),
        (date '2026-04-08', 'recurring', 6, 0.00, 5.00, 195.00)
    ) as t(week, tier, o, i, x, p);
create table inventory.fct_replenishment as from (values
    (2, 'p1', 'w1', 'order now', date '2026-03-31', 12.0, 's1', 120.00),
    (1, 'p3', 'w1', 'out of stock', date '2026-03-31', 3.0, null, null),
    (3, 'p2', 'w2', 'order this week', date '2026-04-07', 5.0, 's1', 10.00),
    (4, 'p2', 'w1', 'order later', date '2026-04-08', 5.0, 's1', 10.00),
    (5, 'p1', 'w2', 'given up', date '2026-03-31', 0.0, 's1', null)
) as t(exception_rank, product_id, warehouse_id, status, order_by_date, order_units, supplier_id,
    order_amount_reporting);
alter table inventory.fct_replenishment add column position_units decimal(18, 4);
create table inventory.fct_two_day_promise as from (values
    ('p1', 'w1', 2, 0.4321, false, 7.0, 30.0, 12.0, date '2026-05-01', 120.00),
    ('p3', 'w1', 1, 0.0, false, 3.0, 0.0, 3.0, null, null),
    ('p2', 'w2', 3, 0.99, true, 0.0, 0.0, 0.0, null, null)
) as t(product_id, warehouse_id, urgency_rank, p_two_days, is_promised, next_month_gap_units,
    spare_elsewhere_units, order_units, expected_receipt_date, order_amount_reporting);
alter table inventory.fct_two_day_promise add column need_p50_units decimal(18, 4);
create table cash_flow.fct_payable_daily as from (values
    (date '2026-03-31', date '2026-04-07', 11.00), (date '2026-03-31', date '2026-04-08', 500.00)
) as t(day, due_date, open_amount_reporting);
create table inventory.fct_stock_daily as
    select day, product_id, warehouse_id, cast(u as decimal(18, 4)) as available_units,
        cast(i as decimal(18, 4)) as incoming_units, cast(v as decimal(18, 2)) as value_reporting
    from (values
        (date '2026-03-30', 'p1', 'w1', 40, 0, 400), (date '2026-03-31', 'p1', 'w1', 30, 5, 300),
        (date '2026-03-31', 'p2', 'w2', 45, 0, 90), (date '2026-03-31', 'p3', 'w1', -2, 0, 10)
    ) as t(day, product_id, warehouse_id, u, i, v);
create table inventory.fct_stock_move as from (values
    (date '2026-03-31', 'p1', 'w1', 'delivery', 10.0, -100.00),
    (date '2026-02-01', 'p1', 'w1', 'delivery', 170.0, -1700.00),
    (date '2026-02-01', 'p2', 'w2', 'delivery', 90.0, -180.00),
    (date '2026-02-01', 'p3', 'w1', 'delivery', 9.0, -9.00),
    (date '2025-12-01', 'p2', 'w2', 'delivery', 9000.0, -9.00),
    (date '2026-03-31', 'p2', null, 'receipt', 3.0, 6.00)
) as t(move_date, product_id, from_warehouse_id, movement, moved_units, value_reporting);
alter table inventory.fct_stock_move add column origin varchar;
alter table inventory.fct_stock_move add column reference varchar;
update inventory.fct_stock_move set reference = movement || '/' || moved_units;
create table trust.build as from (values
    ('{build}', 'core.dim_date', timestamp '2026-04-01 03:00:00', date '2026-03-31', '0.1', 5),
    ('{build}', 'pipeline.fct_deal', timestamp '2026-04-01 03:00:00', date '2026-03-31', '0.1', 7),
    ('older', 'core.dim_date', timestamp '2026-03-31 03:00:00', date '2026-03-30', '0.1.0', 9)
) as t(build_id, mart, known_on, as_of_date, code_version, row_count);
alter table trust.build add column published_at timestamp;
alter table trust.build add column build_seconds double default 64.5;
update trust.build set published_at = known_on + interval 6 minute;
create table trust.lineage as from (values
    ('hubspot.deals', 'pipeline.fct_deal', '{build}'), ('bank.files', 'core.dim_date', '{build}')
) as t(subject, mart, build_id);
create table trust.freshness as from (values
    ('hubspot', 'deals', timestamp '2026-03-31 22:00:00', timestamp '2026-04-01 02:00:00', false),
    ('hubspot', 'owners', timestamp '2026-03-30 22:00:00', timestamp '2026-04-01 02:00:00', true)
) as t(source, stream, last_window_end_at, last_fetched_at, is_behind);
alter table trust.freshness add column last_rows_at timestamp;
create table trust.quality_result as from (values
    ('{build}', 'gx', 'hubspot.deals', 'in_range(amount)', 'warning', false, 2, 'Typos.', '7'),
    ('{build}', 'gx', 'hubspot.deals', 'not_null(id)', 'critical', true, 0, 'Keys.', ''),
    ('{build}', 'dbt', 'fct_deal', 'unique', 'critical', true, 0, '', ''),
    ('{build}', 'contract', 'hubspot.deals', 'came', 'critical', true, 0, 'Money.', ''),
    ('older', 'gx', 'hubspot.deals', 'not_null(id)', 'critical', false, 1, 'Keys.', 'old')
) as t(build_id, tool, subject, check_name, severity, is_passed, failures, why, message);
create table trust.ledger as from (values
    ('hubspot', 'deals', 10, 5, 3, 1, 1, true), ('odoo', 'stock_move', 20, 20, 0, 0, 0, false)
) as t(source, stream, rows_landed, rows_staged, rows_superseded, rows_deleted, rows_quarantined,
    is_balanced);
create table trust.quarantine as from (values
    ('bank', 'files', 'a', 'no such format'), ('bank', 'files', 'b', 'no such format')
) as t(source, stream, record_key, reason);
create table trust.parity as from (values
    ('stock_units', 40.0, 0.0, null), ('revenue', 80.0, 20.0, 'in quarantine'),
    ('payables', null, null, 'no report')
) as t(check_name, source_figure, difference, reason);
"""


def write_marts(file, *changes):
    """Write the snapshot, then apply SQL `changes` to it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(file) as connection:
        connection.execute(_TABLES.replace("{build}", BUILD))
        for change in changes:
            connection.execute(change)
    return file


def land_all(settings, day):
    """Land the day of every stream whole, without a record."""
    start, end = day_bounds(day, settings.zone)
    for source in all_sources():
        for stream in source.streams:
            about = BatchAbout(
                source=source.name, stream=stream.name, day=day,
                fetched_at=end + timedelta(hours=5), window_start=start, window_end=end,
                is_complete=True,
            )  # fmt: skip
            commit_batch(settings.landing_root, about, SCHEMA.empty_table())
