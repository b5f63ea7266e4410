"""Versions follow each other; late rows, deletions and warts are there."""


def test_each_version_is_newer_than_the_one_before_and_none_follows_a_deletion(tiny):
    wrong = tiny.rows("""
        select count(*) from (
            select modified_at, payload,
                lag(modified_at) over one as before, lag(payload) over one as payload_before,
                row_number() over one as number
            from record window one as (partition by object, id order by visible_from)
        ) where modified_at < before or number > 1 and payload_before is null
    """)

    assert wrong == [(0,)]


def test_a_version_is_never_seen_before_it_is_written(tiny):
    assert tiny.rows("select count(*) from record where visible_from < modified_at") == [(0,)]


def test_some_rows_show_up_minutes_to_hours_late_but_within_a_day(tiny):
    late = tiny.rows("""
        select count(*), max(visible_from - modified_at) from record
        where visible_from - modified_at > 120000
    """)[0]
    count = tiny.rows("select count(*) from record")[0][0]

    assert 0.001 < late[0] / count < 0.05
    assert late[1] < 86_400_000


def test_records_are_deleted_in_odoo_and_archived_in_hubspot(tiny):
    ended = {name for (name,) in tiny.rows("select object from record where payload is null")}
    archived = tiny.rows("select count(*) from record where object = 'deals' "
                         "and archived_at is not null")  # fmt: skip

    assert {"stock.quant", "sale.order", "account.partial.reconcile"} <= ended
    assert all("." in name for name in ended)
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
