import json
import os
from pathlib import Path

from click.testing import CliRunner

from tests.formats.camt_text import balance, camt, entry, statement
from tests.formats.zip_text import zipped
from umlauf.formats.cli import bank


def parse(*files, **options):
    flags = ["--json"] if options.get("as_json") else []
    return CliRunner().invoke(bank, ["parse", *map(str, files), *flags])


def test_the_table_shows_account_balances_and_verdict(tmp_path):
    file = tmp_path / "day.xml"
    file.write_bytes(camt(statement(balance("OPBD", "1"), balance("CLBD", "9"), entry("5"))))

    result = parse(file)

    assert result.exit_code == 0
    assert "DE89370400440532013000" in result.output
    assert "QUARANTINE: opening 1 + 1 entries 5 = 6" in result.output


def test_json_holds_every_entry_with_exact_amounts(tmp_path):
    file = tmp_path / "day.xml"
    file.write_bytes(camt(statement(entry("5.10"), entry("0.20", "DBIT"))))

    (found,) = json.loads(parse(file, as_json=True).output)

    assert [item["amount"] for item in found["statements"][0]["entries"]] == ["5.10", "-0.20"]


def test_an_unreadable_file_exits_with_1_and_does_not_hide_the_others(tmp_path):
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_bytes(camt(statement(entry())))
    bad.write_text("date;amount")

    result = parse(bad, good, tmp_path / "none.xml")

    assert result.exit_code == 1
    assert "REJECTED: neither camt XML nor MT940" in result.output
    assert "cannot be opened: No such file" in result.output
    assert "camt.053.001.08" in result.output


def test_a_name_cannot_write_markup_or_control_characters(tmp_path):
    file = tmp_path / "[red]\x1b[31mday\n.xml"
    file.write_text("x")

    result = parse(file)

    assert "\x1b" not in result.output
    assert "[red]" in result.output


def test_an_archive_shows_each_member_and_a_refused_one_itself(tmp_path):
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    day = camt(statement(entry("5.10")))
    good.write_bytes(zipped(("day.xml", day), ("read.me", b"hello")))
    bad.write_bytes(zipped(("../day.xml", day)))

    found = json.loads(parse(good, bad, as_json=True).output)

    assert [(item["name"], bool(item["rejected"])) for item in found] == [
        ("good.zip/day.xml", False), ("good.zip/read.me", True), ("bad.zip", True),
    ]  # fmt: skip
    assert found[0]["size"] == len(day)
    assert found[2]["rejected"]["place"] == "member '../day.xml'"


def test_a_name_that_is_no_text_can_be_printed(tmp_path):
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/day\xff\x1b[2J.xml"))
    file.write_bytes(camt(statement(entry())))

    assert json.loads(parse(file, as_json=True).output)[0]["name"] == "day\\udcff\x1b[2J.xml"
    assert "\x1b" not in parse(file).output
