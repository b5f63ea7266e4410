import json

import pytest

from tests.formats.goldens import cases, golden, understood


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_case_is_understood_as_reviewed(case):
    assert json.loads(understood(case)) == json.loads(golden(case).read_text(encoding="utf-8"))


def test_every_golden_has_its_case():
    assert len(cases()) == 4
    assert all(golden(case).exists() for case in cases())
