from collections import defaultdict
from decimal import Decimal

import pytest

from tests.sandbox.serve.small_store import set_clock

pytestmark = pytest.mark.integration
PARTNER = "res.partner"


@pytest.mark.parametrize(
    ("key", "message"),
    [("wrong", "Invalid apikey"), ("", 'User not authenticated, use the "Authorization" header')],
)
def test_a_wrong_key_is_refused_with_odoo_s_body(caller, key, message):
    answer = caller.odoo(PARTNER, "search_read", key=key)

    assert answer.status_code == 401
    assert list(answer.json()) == ["name", "message", "arguments", "context", "debug"]
    assert answer.json()["message"] == message
    assert answer.headers["WWW-Authenticate"] == "bearer"


def test_another_database_is_not_found(caller):
    answer = caller.odoo(PARTNER, "search_read", database="other")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("model", "method", "arguments", "status", "message"),
    [
        ("res.unicorn", "search_read", {}, 404, "the model 'res.unicorn' does not exist"),
        (PARTNER, "dance", {}, 404, "The method 'res.partner.dance' does not exist"),
        (PARTNER, "_search", {"domain": []}, 403, "Private methods"),
        (PARTNER, "search_count", {}, 422, "missing a required argument: 'domain'"),
        (PARTNER, "search_count", {"domain": [], "x": 1}, 422, "unexpected keyword argument 'x'"),
        (PARTNER, "search_read", {"ids": [1]}, 422, "cannot call res.partner.search_read with ids"),
        (PARTNER, "search_read", {"x": 1}, 500, "unexpected keyword argument 'x'"),
        (PARTNER, "search_read", {"fields": ["x"]}, 500, "Invalid field 'x' on 'res.partner'"),
        (PARTNER, "search_read", {"order": "x asc"}, 500, "Invalid field 'x' on model"),
        (PARTNER, "search_read", {"order": "name up"}, 422, "order"),
        (PARTNER, "search_read", {"domain": [["x", "=", 1]]}, 500,
         "Invalid field res.partner.x in condition ('x', '=', 1)"),
        (PARTNER, "search_read", {"domain": ["&", ["id", "=", 1]]}, 500, "invalid domain"),
        (PARTNER, "search_read", {"domain": [["id", "~", 1]]}, 500, "Invalid operator"),
        (PARTNER, "search_read", {"domain": 7}, 500, ""),
        (PARTNER, "read", {"ids": [1, 99]}, 404, "Record does not exist or has been deleted."),
    ],
)  # fmt: skip
def test_errors_have_odoo_s_status_and_body(caller, model, method, arguments, status, message):
    answer = caller.odoo(model, method, **arguments)

    assert answer.status_code == status
    assert list(answer.json()) == ["name", "message", "arguments", "context", "debug"]
    assert message in answer.json()["message"]


@pytest.mark.parametrize(
    ("domain", "ids"),
    [
        ([], [1, 2, 3, 4, 5]),
        ([["state", "=", "posted"]], [1, 2, 4, 5]),
        ([["state", "!=", "posted"]], [3]),
        ([["amount_total", ">", 5]], [1, 5]),
        ([["amount_total", ">=", 5]], [1, 3, 5]),
        ([["date", "<", "2026-01-31"]], [1, 3]),
        ([["date", "<=", "2026-01-31"], ["id", ">", 1]], [2, 3]),
        ([["partner_id", "=", 1]], [1, 2]),
        ([["partner_id", "=", False]], [5]),
        ([["partner_id", "!=", 1]], [3, 4, 5]),
        ([["partner_id", "in", [2, False]]], [3, 4, 5]),
        ([["partner_id", "not in", [2]]], [1, 2, 5]),
        ([["partner_id", "in", []]], []),
        ([["partner_id", "=", "Schmidt AG"]], [3, 4]),
        ([["partner_id", "ilike", "MÜLL"]], [1, 2]),
        ([["partner_id.name", "ilike", "schm"]], [3, 4]),
        ([["partner_id.name", "!=", "Schmidt AG"]], [1, 2]),
        ([["partner_id", "any", [["category_id", "in", [7]]]]], [3, 4]),
        ([["partner_id", "not any", [["category_id", "in", [7]]]]], [1, 2, 5]),
        ([["state", "=?", False]], [1, 2, 3, 4, 5]),
        ([["state", "=?", "draft"]], [3]),
        (["|", ["id", "=", 1], ["id", "=", 5]], [1, 5]),
        (["!", ["id", "=", 1]], [2, 3, 4, 5]),
        (["!", ["partner_id", "=", 1]], [3, 4, 5]),
        (["|", "&", ["id", "<", 3], ["amount_total", "<", 1], "!", ["state", "=", "posted"]],
         [2, 3]),
        ([["id", ">", 1], "|", ["id", "=", 1], ["id", "=", 2]], [2]),
        ([["invoice_date", "=", False]], [1, 2, 3, 4, 5]),
        ([["write_date", ">=", "2026-11-02 06:00:00"], ["write_date", "<", "2026-11-04 06:00:00"]],
         [2, 3]),
        ([["write_date", ">", "2026-11-04 06:00:00"]], [5]),
        ([["write_date", "<=", "2026-11-02"]], [1, 2]),
        (["!", ["write_date", ">=", "2026-11-02 06:00:00"]], [1]),
        ([[0, "=", 1]], []),
    ],
)  # fmt: skip
def test_domains_select(caller, domain, ids):
    assert caller.ids(domain) == ids
    assert caller.odoo("account.move", "search_count", domain=domain).json() == len(ids)


@pytest.mark.parametrize(
    ("domain", "context", "ids"),
    [
        ([], {}, [1, 2, 3]),
        ([], {"active_test": False}, [1, 2, 3, 4]),
        ([["active", "=", False]], {}, [4]),
        ([["active", "in", [True, False]]], {}, [1, 2, 3, 4]),
        ([["name", "ilike", "alt"]], {}, []),
    ],
)
def test_archived_records_are_hidden_unless_asked_for(caller, domain, context, ids):
    assert caller.ids(domain, PARTNER, context=context) == ids


def test_reading_by_id_shows_archived_records_in_the_order_asked(caller):
    answer = caller.odoo(PARTNER, "read", ids=[4, 1], fields=["name"])

    assert answer.json() == [{"id": 4, "name": "Alt KG"}, {"id": 1, "name": "Müller GmbH"}]


def test_fields_are_cut_and_empty_values_are_false(caller):
    answer = caller.odoo(
        PARTNER, "search_read", domain=[["id", "=", 3]], fields=["parent_id", "ref"]
    )

    assert answer.json() == [{"id": 3, "parent_id": [1, "Müller GmbH"], "ref": False}]


def test_without_fields_all_of_them_come(caller):
    record = caller.odoo(PARTNER, "search_read", domain=[["id", "=", 1]]).json()[0]

    assert set(record) == {"id", "name", "parent_id", "active", "category_id", "ref", "create_date",
                           "write_date"}  # fmt: skip


def test_order_limit_and_offset_cut_a_page(caller):
    arguments = {"domain": [], "fields": ["amount_total"], "order": "state desc, amount_total"}
    whole = [one["id"] for one in caller.odoo("account.move", "search_read", **arguments).json()]
    page = caller.odoo("account.move", "search_read", **arguments, limit=2, offset=1).json()

    assert whole == [4, 2, 5, 1, 3]
    assert [one["id"] for one in page] == [2, 5]


def test_empty_values_come_last_in_ascending_order(caller):
    order = {"domain": [], "order": "partner_id desc, id"}

    assert caller.odoo("account.move", "search", **order).json() == [5, 3, 4, 1, 2]


def sums_of(caller, domain, key):
    sums, counts = defaultdict(Decimal), defaultdict(int)
    for one in caller.odoo("account.move", "search_read", domain=domain).json():
        sums[key(one)] += Decimal(repr(one["amount_total"]))
        counts[key(one)] += 1
    return {one: (float(total), counts[one]) for one, total in sums.items()}


@pytest.mark.parametrize("domain", [[], [["state", "=", "posted"]]])
def test_group_sums_equal_the_sums_of_the_records(caller, domain):
    groups = caller.odoo(
        "account.move", "formatted_read_group", domain=domain, groupby=["partner_id", "date:month"],
        aggregates=["amount_total:sum", "__count"],
    ).json()  # fmt: skip

    assert {
        (group["partner_id"] and group["partner_id"][0], group["date:month"][0]): (
            group["amount_total:sum"], group["__count"],
        )
        for group in groups
    } == sums_of(caller, domain, lambda one: (
        one["partner_id"] and one["partner_id"][0], one["date"][:8] + "01"
    ))  # fmt: skip


def test_a_group_s_domain_finds_its_records(caller):
    groups = caller.odoo("account.move", "formatted_read_group", domain=[], aggregates=["__count"],
                         groupby=["partner_id", "date:quarter"]).json()  # fmt: skip

    assert [len(caller.ids(group["__extra_domain"])) for group in groups] == [
        group["__count"] for group in groups
    ]


def test_groups_are_shaped_as_odoo_shapes_them(caller):
    groups = caller.odoo(
        "account.move", "formatted_read_group", domain=[["partner_id", "=", 1]],
        groupby=["date:month"], aggregates=["amount_total:sum"],
    ).json()  # fmt: skip

    assert groups == [{
        "date:month": ["2026-01-01", "January 2026"],
        "__extra_domain": ["&", ["date", ">=", "2026-01-01"], ["date", "<", "2026-02-01"]],
        "amount_total:sum": 10.3,
    }]  # fmt: skip


def test_the_whole_is_one_group_and_nothing_sums_to_false(caller):
    ask = {"groupby": [], "aggregates": ["amount_total:sum", "__count"]}
    whole = caller.odoo("account.move", "formatted_read_group", domain=[], **ask).json()
    none = caller.odoo(
        "account.move", "formatted_read_group", domain=[["id", "<", 0]], **ask
    ).json()

    assert whole == [{"__extra_domain": [], "amount_total:sum": 19.7, "__count": 5}]
    assert none == [{"__extra_domain": [], "amount_total:sum": False, "__count": 0}]


def test_a_date_needs_a_granularity_to_group_by(caller):
    answer = caller.odoo("account.move", "formatted_read_group", domain=[], groupby=["date"])

    assert answer.status_code == 500


def test_fields_get_tells_types_and_relations(caller):
    fields = caller.odoo("account.move", "fields_get", attributes=["type", "relation"]).json()

    assert fields["partner_id"] == {"type": "many2one", "relation": "res.partner"}
    assert [fields[name]["type"] for name in ("date", "write_date", "amount_total", "state")] == [
        "date", "datetime", "float", "char"
    ]  # fmt: skip


def test_a_model_without_records_is_empty_and_not_unknown(caller):
    assert caller.odoo("product.value", "search_read", domain=[["id", ">", 0]]).json() == []


def test_a_deleted_record_is_there_until_the_clock_passes(own_home, serving):
    with serving(own_home) as caller:
        set_clock(own_home, "2026-11-17T00:00:00.000Z")
        before = caller.ids([])
        set_clock(own_home, "2026-11-18T00:00:00.000Z")
        after = caller.ids([])

    assert (before, after) == ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5])
