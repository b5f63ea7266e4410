"""One company for all tests of gates, its last night published by dbt."""

import pytest

from tests.gates.ground import prepare


@pytest.fixture(scope="session")
def ground(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("gates") / "ground")
