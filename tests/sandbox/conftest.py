"""One tiny company for all tests that do not change it, and a way to look at its records."""

import json
import shutil
from contextlib import closing
from datetime import date

import pytest

from umlauf.sandbox.company import make
from umlauf.sandbox.store import open_store, store_file

SCALE, SEED, END = 0.05, 7, date(2026, 11, 20)
AFTER_ALL = 1 << 62
NOW = """
with shown as (
    select *, row_number() over (partition by id order by visible_from desc) as age
    from record where object = :kind and visible_from <= :at
)

select id, payload from shown
where age = 1 and payload is not null and archived_at is null order by id
"""


class World:
    """A made company: its home, and its records as shown at an instant (default: the clock)."""

    def __init__(self, home):
        self.home = home
        self.meta = dict(self.rows("select key, value from meta"))

    def rows(self, sql, values=()):
        with closing(open_store(self.home)) as store:
            return store.execute(sql, values).fetchall()

    def records(self, kind, at=None):
        values = {"kind": kind, "at": at or self.meta["clock"]}
        return {key: json.loads(text) for key, text in self.rows(NOW, values)}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    home = tmp_path_factory.mktemp("tiny")
    make(home, SCALE, SEED, END)
    return World(home)


@pytest.fixture(scope="session")
def smallest(tmp_path_factory):
    home = tmp_path_factory.mktemp("smallest")
    make(home, 0.01, SEED, END)
    return World(home)


@pytest.fixture
def own(smallest, tmp_path):
    """A company that a test may change; its inbox is still empty."""
    store = store_file(tmp_path)
    store.parent.mkdir()
    shutil.copy(store_file(smallest.home), store)
    return World(tmp_path)
