"""The small store, served once for all tests that do not move its clock."""

import pytest
import requests

from tests.sandbox.serve.small_store import make_small_store
from umlauf.sandbox.serve import RateLimits, running
from umlauf.sandbox.serve.hubspot import TOKEN
from umlauf.sandbox.serve.odoo import DATABASE, KEY

NO_LIMIT = RateLimits(searches_per_second=0)


class Caller:
    """Speaks to a running sandbox."""

    def __init__(self, addresses):
        self.at = addresses
        self.session = requests.Session()

    def hubspot(self, path, body=None, token=TOKEN, **query):
        return self.session.request(
            "GET" if body is None else "POST", self.at.hubspot + path, json=body, params=query,
            headers={"Authorization": f"Bearer {token}"}, timeout=30,
        )  # fmt: skip

    def search(self, kind="deals", filters=(), **body):
        asked = {"filterGroups": [{"filters": list(filters)}], **body}
        return self.hubspot(f"/crm/v3/objects/{kind}/search", asked)

    def odoo(self, model, method, key=KEY, database=DATABASE, **arguments):
        return self.session.post(
            f"{self.at.odoo}/json/2/{model}/{method}", json=arguments, timeout=30,
            headers={"Authorization": f"bearer {key}", "X-Odoo-Database": database},
        )  # fmt: skip

    def ids(self, domain, model="account.move", **arguments):
        answer = self.odoo(model, "search_read", domain=domain, fields=["id"], order="id",
                           **arguments)  # fmt: skip
        assert answer.status_code == 200, answer.text
        return [record["id"] for record in answer.json()]


@pytest.fixture(scope="package")
def caller(tmp_path_factory):
    home = make_small_store(tmp_path_factory.mktemp("served"))
    with running(home, limits=NO_LIMIT) as addresses:
        yield Caller(addresses)


@pytest.fixture
def own_home(tmp_path):
    return make_small_store(tmp_path / "var")


@pytest.fixture
def serving():
    """Return `running` and a caller for it, for tests that need a sandbox of their own."""
    return lambda home, **options: _Serving(home, options)


class _Serving:
    def __init__(self, home, options):
        self.context = running(home, **{"limits": NO_LIMIT, **options})

    def __enter__(self):
        return Caller(self.context.__enter__())

    def __exit__(self, *error):
        return self.context.__exit__(*error)
