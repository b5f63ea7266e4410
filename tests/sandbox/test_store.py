"""Versions follow each other without a gap; late rows, deletions and warts are there."""


def test_each_version_ends_where_the_next_begins(tiny):
    gaps = tiny.rows("""
        select count(*) from (
            select visible_to, lead(visible_from) over (
                partition by system, object, id order by visible_from) as following
            from record
        ) where visible_to is not following and following is not null
    """)

    assert gaps == [(0,)]


def test_a_version_is_never_seen_before_it_is_written(tiny):
    assert tiny.rows("select count(*) from record where visible_from < modified_at") == [(0,)]


def test_some_rows_show_up_minutes_to_hours_late_but_within_a_day(tiny):
    late = tiny.rows("""
        select count(*), max(julianday(visible_from) - julianday(modified_at)) from record
        where julianday(visible_from) - julianday(modified_at) > 2 / 1440.0
    """)[0]
    count = tiny.rows("select count(*) from record")[0][0]

    assert 0.001 < late[0] / count < 0.05
    assert late[1] < 1


def test_records_are_deleted_in_odoo_and_archived_in_hubspot(tiny):
    ended = dict(
        tiny.rows("""
        select object, count(*) from record as r where system = 'odoo' and visible_to is not null
        and not exists (select 1 from record as n where n.system = 'odoo'
                        and n.object = r.object and n.id = r.id
                        and n.visible_from >= r.visible_to) group by object
    """)
    )
    archived = tiny.rows("select count(*) from record where object = 'deals' "
                         "and archived_at is not null")  # fmt: skip

    assert {"stock.quant", "sale.order", "account.partial.reconcile"} <= set(ended)
    assert archived[0][0] > 0


def test_whole_tables_share_one_stamp(tiny):
    most = tiny.rows("select max(n) from (select count(*) as n from record "
                     "where object = 'product.product' group by modified_at)")  # fmt: skip

    assert most[0][0] >= len(tiny.records("product.product")) - 3


def test_invoice_numbers_repeat_across_the_two_companies(tiny):
    names = {}
    for move in tiny.records("account.move").values():
        if move["move_type"] == "out_invoice" and move["state"] == "posted":
            names.setdefault(move["company_id"][0], set()).add(move["name"])

    assert len(names) == 2
    assert names[1] & names[2]


def test_a_name_within_a_company_is_used_once(tiny):
    moves = [m for m in tiny.records("account.move").values() if m["state"] == "posted"]

    assert len({(m["company_id"][0], m["name"]) for m in moves}) == len(moves)
