"""A store of a handful of records, written by hand: what the servers must show is plain to see."""

import sqlite3
from contextlib import closing

import orjson

from umlauf.sandbox.stamps import parse_iso
from umlauf.sandbox.store import INDEXES, INSERT, SCHEMA, store_file

CLOCK = "2026-11-20T03:30:00.000Z"
BEGIN = "2026-11-01T06:00:00.000Z"
TIE = "2026-11-10T10:00:00.000Z"
TIES = 10_050  # deals with one stamp: more than one search can list


class SmallStore:
    """Collects versions and writes them."""

    def __init__(self, home):
        self.path = store_file(home)
        self.path.parent.mkdir(parents=True)
        self.database = sqlite3.connect(self.path)
        self.database.executescript(SCHEMA)

    def put(self, kind, key, payload, seen=BEGIN, modified=None, archived=None):
        stamps = parse_iso(seen), parse_iso(modified or seen), archived and parse_iso(archived)
        payload = None if payload is None else orjson.dumps(payload)
        self.database.execute(INSERT, (kind, key, *stamps, payload))

    def hubspot(self, kind, key, properties, history=None, stamp="hs_lastmodifieddate", **when):
        modified = when.get("modified") or when.get("seen", BEGIN)
        whole = {"createdate": BEGIN, **properties, stamp: modified, "hs_object_id": str(key)}
        payload = {"id": str(key), "properties": whole, "createdAt": BEGIN, "updatedAt": modified}
        payload["archived"] = bool(when.get("archived"))
        if when.get("archived"):
            payload["archivedAt"] = when["archived"]
        if history:
            payload["propertiesWithHistory"] = history
        self.put(kind, key, payload, **when)

    def odoo(self, model, key, fields, **when):
        modified = when.get("modified") or when.get("seen", BEGIN)
        stamp = f"{modified[:10]} {modified[11:19]}"
        payload = {"id": key, **fields, "create_date": stamp, "write_date": stamp}
        self.put(model, key, payload, **when)

    def file(self, name, seen, content, channel):
        row = ("DE1", name, parse_iso(seen), content, channel)
        self.database.execute("insert into bank_file values (?, ?, ?, ?, ?)", row)

    def finish(self):
        self.database.execute("insert into meta values ('clock', ?)", (parse_iso(CLOCK),))
        self.database.commit()
        self.database.executescript(INDEXES)
        self.database.execute("pragma journal_mode = wal")
        self.database.close()


def set_clock(home, stamp):
    with closing(sqlite3.connect(store_file(home))) as store, store:
        store.execute("update meta set value = ? where key = 'clock'", (parse_iso(stamp),))


def fill_hubspot(store):
    first = {"value": "qualifiedtobuy", "timestamp": BEGIN, "sourceType": "CRM_UI"}
    moved = {"value": "closedwon", "timestamp": "2026-11-12T08:00:00.000Z", "sourceType": "CRM_UI"}
    store.hubspot(
        "deals", 11, {"dealname": "Ähre", "amount": "100.50", "dealstage": "qualifiedtobuy"},
        {"dealstage": [first]},
    )  # fmt: skip
    store.hubspot(
        "deals", 11, {"dealname": "Ähre", "amount": "100.50", "dealstage": "closedwon"},
        {"dealstage": [moved, first]}, seen="2026-11-12T08:00:00.000Z",
    )  # fmt: skip
    store.hubspot(
        "deals", 12, {"dealname": "Busch", "amount": "9", "dealstage": "qualifiedtobuy"},
        {"dealstage": [first]},
    )  # fmt: skip
    store.hubspot(
        "deals", 12, {"dealname": "Busch", "amount": "9", "dealstage": "qualifiedtobuy"},
        {"dealstage": [first]}, seen="2026-11-15T08:00:00.000Z",
        archived="2026-11-15T08:00:00.000Z",
    )  # fmt: skip
    store.hubspot(  # shows up ten days after its stamp, when the clock has come there
        "deals", 13, {"dealname": "Dill", "amount": None, "dealstage": "qualifiedtobuy"},
        {"dealstage": [first]}, seen="2026-11-25T08:00:00.000Z",
        modified="2026-11-15T09:00:00.000Z",
    )  # fmt: skip
    for key in range(1000, 1000 + TIES):
        properties = {"dealname": f"T{key}", "amount": "1", "dealstage": "closedlost"}
        store.hubspot("deals", key, properties, {"dealstage": [first]}, seen=TIE)
    for key in (1, 2, 3):
        store.hubspot("contacts", key, {"email": f"{key}@a.example"}, stamp="lastmodifieddate",
                      seen=f"2026-11-0{key}T06:00:00.000Z")  # fmt: skip
    link = {"toObjectId": 77, "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 341}]}
    store.put("deals_to_companies", 11, {"from": {"id": "11"}, "to": [link]})
    for key in (1, 2):
        store.put("owners", key, {"id": str(key), "email": f"o{key}@a.example"})
    store.put("pipelines", 1, {"id": "default", "stages": []})


def fill_odoo(store):
    for key, name, parent, active in (
        (1, "Müller GmbH", False, True),
        (2, "Schmidt AG", False, True),
        (3, "Einkauf", [1, "Müller GmbH"], True),
        (4, "Alt KG", False, False),
    ):
        store.odoo("res.partner", key, {
            "name": name, "parent_id": parent, "active": active,
            "category_id": [7] if key == 2 else [], "ref": False,
        })  # fmt: skip
    moves = [
        (1, 1, "2026-01-05", 10.1, "posted"), (2, 1, "2026-01-31", 0.2, "posted"),
        (3, 2, "2026-01-09", 5.0, "draft"), (4, 2, "2026-02-01", -3.3, "posted"),
        (5, False, "2026-02-28", 7.7, "posted"),
    ]  # fmt: skip
    names = {1: "Müller GmbH", 2: "Schmidt AG"}
    for key, partner, day, amount, state in moves:
        store.odoo("account.move", key, {
            "partner_id": [partner, names[partner]] if partner else False, "date": day,
            "amount_total": amount, "state": state, "invoice_date": False,
        }, seen=f"2026-11-0{key}T06:00:00.000Z")  # fmt: skip
    store.odoo("account.move", 6, {
        "partner_id": False, "date": "2026-03-01", "amount_total": 1.0, "state": "draft",
        "invoice_date": "2026-03-01",
    })  # fmt: skip
    store.put("account.move", 6, None, seen="2026-11-18T00:00:00.000Z")  # deleted


def fill_bank(store):
    store.file("usd_1.sta", "2026-11-19T05:00:00.000Z", b":20:A\r\n", "sftp")
    store.file("usd_2.sta", "2026-11-20T05:00:00.000Z", b":20:B\r\n" * 5000, "sftp")
    store.file("eur_1.xml", "2026-11-19T05:00:00.000Z", b"<Document/>", "folder")
    store.file("eur_2.xml", "2026-11-20T05:00:00.000Z", b"<Document>2</Document>", "folder")


def make_small_store(home):
    store = SmallStore(home)
    fill_hubspot(store)
    fill_odoo(store)
    fill_bank(store)
    store.finish()
    return home
