"""Somebody is forgotten: every version goes, nothing else does, and nothing brings it back."""

import hashlib

import pyarrow.parquet as pq
import pytest

from tests.erasure.conftest import DAY, EVA, WHY
from tests.landing.fake_source import at
from tests.sources.bank.conftest import SOURCE as BANK
from umlauf.erasure.plan import plan_erasure
from umlauf.errors import ConfigError
from umlauf.landing.batch import BatchAbout, commit_batch, read_about
from umlauf.landing.columns import record_table
from umlauf.landing.erasures import read_erasures
from umlauf.landing.intact import fault_of, set_aside
from umlauf.landing.windows import covered_until
from umlauf.sources.hubspot import SOURCE as HUBSPOT
from umlauf.sources.odoo import SOURCE as ODOO
from umlauf.warehouse.erasing import finish_erasures


def others(people):
    return [row for row in people.rows() if row["record_key"] != EVA]


def order(people, of, *, is_deleted=False, fetched_at=None):
    stamp = fetched_at or at(22)
    about = BatchAbout(
        source="fake", stream="orders", day=DAY, fetched_at=stamp, is_complete=True, rows_fetched=1
    )
    payloads = None if is_deleted else [f'{{"of": ["{of}", "Eva"]}}']
    commit_batch(people.root, about, record_table(["1"], [stamp], payloads, stamp))


def test_every_version_goes_and_nothing_else(people):
    before, batches = others(people), people.batches()
    covered = covered_until(people.root, "fake", "things")

    done = people.erase()

    assert (done.versions, done.batches) == (3, 3)  # two versions and a tombstone
    assert people.rows() == before
    assert people.batches() == batches
    assert covered_until(people.root, "fake", "things") == covered


def test_no_file_below_home_tells_of_the_person(people):
    people.settings.warehouse.mkdir(parents=True)
    people.settings.warehouse_file.write_text(EVA)
    people.settings.warehouse_file.with_name("warehouse.duckdb.aside").write_text(EVA)
    people.settings.spark_home.mkdir()
    (people.settings.spark_home / "part-0").write_text(EVA)
    assert len(people.traces()) == 6

    people.erase()

    assert people.traces() == []


def test_what_is_landed_of_an_erasure_says_why_and_names_nobody(people):
    held = [file.relative_to(people.root).as_posix() for file in people.traces()]

    people.erase(clock=lambda: at(24))

    (one,) = read_erasures(people.root)
    assert one.key_sha256 == hashlib.sha256(f"fake.things/{EVA}".encode()).hexdigest()
    assert (one.because, one.versions, one.at) == (WHY, 3, at(24))
    assert sorted(batch.file for batch in one.batches) == sorted(held)
    for batch in one.batches:
        assert read_about(people.root / batch.file).payload_sha256 == batch.after != batch.before


def test_a_rewritten_batch_is_sealed_and_counts_what_is_left(people):
    people.erase()

    for file in people.batches():
        about = read_about(file)
        assert fault_of(people.root, file) == ""
        assert about.rows_fetched == pq.read_metadata(file).num_rows
    assert sum(read_about(file).rows_erased for file in people.batches()) == 3


@pytest.mark.parametrize("is_full", [False, True])
def test_a_source_that_still_has_the_record_does_not_bring_it_back(people, is_full):
    people.erase()

    people.land(is_full=is_full)  # by its overlap, then by the census: its count is another
    people.land(is_full=is_full)

    assert people.names() == ["tom", "uma"]
    assert people.traces() == []


def test_others_of_the_same_page_land_as_ever(people):
    people.erase()
    people.things["uma"] = at(22, 14)

    people.land()

    assert max(row["record_version"] for row in people.rows()).hour == 14


def test_a_source_that_has_let_it_go_as_well_lands_no_tombstone(people):
    people.erase()
    del people.things[EVA]

    people.land()

    assert people.names() == ["tom", "uma"]


def test_erasing_twice_changes_nothing_and_is_no_error(people):
    people.erase()
    before = {file: file.read_bytes() for file in people.root.rglob("*.parquet")}

    done = people.erase()

    assert done.versions == 0
    assert {file: file.read_bytes() for file in people.root.rglob("*.parquet")} == before


def test_several_go_at_once_each_with_a_record_of_its_own(people):
    people.erase(EVA, "tom")

    assert people.names() == ["uma"]
    assert sorted(one.versions for one in read_erasures(people.root)) == [3, 3]


def test_a_batch_that_a_backup_brings_back_is_erased_again(people):
    saved = {file: file.read_bytes() for file in people.batches()}
    people.erase()
    people.erase("tom")
    for file, content in saved.items():  # of before both
        file.write_bytes(content)

    assert finish_erasures(people.settings) == 2

    assert people.names() == ["uma"]
    assert finish_erasures(people.settings) == 0


def test_what_is_set_aside_is_emptied_and_still_says_that_it_is_missing(people):
    aside = set_aside(people.batches()[0], at(23))

    people.erase()

    assert aside.read_bytes() == b""
    assert people.traces() == []


def test_a_typing_error_erases_nothing(people):
    with pytest.raises(ConfigError, match="'eva-7732' has never landed; nothing was changed"):
        people.erase(EVA, "eva-7732")

    assert EVA in people.names()
    assert read_erasures(people.root) == []


def test_a_record_that_books_name_stays_until_they_are_gone(people):
    order(people, EVA)
    with pytest.raises(ConfigError, match=f"'{EVA}' by 1 of fake.orders"):
        people.erase()
    assert EVA in people.names()

    order(people, EVA, is_deleted=True, fetched_at=at(23))

    assert people.erase().versions == 3


def test_what_books_name_is_another_s_business(people):
    order(people, "tom")

    assert people.erase().versions == 3


@pytest.mark.parametrize(
    ("source", "stream", "why"),
    [
        (BANK, "entries", "the law has the company keep"),
        (BANK, "files", "the law has the company keep"),
        (HUBSPOT, "deals", "can be erased: contacts"),
        (ODOO, "account_move", "can be erased: res_partner"),
        (ODOO, "no_stream", "no stream 'no_stream'"),
    ],
)
def test_only_people_can_be_erased(settings, source, stream, why):
    with pytest.raises(ConfigError, match=why):
        plan_erasure(settings, source, stream, ["1"])


def test_whatever_holds_a_partner_is_a_stream_that_names_one():
    (partners,) = [stream for stream in ODOO.streams if stream.is_erasable]

    naming = {
        (stream.name, f"$.{field}[0]")
        for stream in ODOO.streams
        for field in stream.fields
        if field in ("partner_id", "commercial_partner_id")
    }
    assert set(partners.held_by) == naming | {("res_partner", "$.parent_id[0]")}
