"""What reaches a partner's place, once, whole, in time, and only what nobody need look at first."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.report.tiny_marts import BUILD
from tests.share.conftest import MORNING, declared
from tests.share.reading import check_sums, only
from tests.transport.sftp_server import SftpServer
from umlauf.errors import ConfigError, DeliveryFailed, ShareHeld
from umlauf.landing.incidents import note, open_incidents
from umlauf.share.deliver import deliver_all
from umlauf.share.place import shares_root

pytestmark = pytest.mark.integration

NEXT = "20260402T030000Z-9876543210"
NO_ORDERS = "update inventory.fct_purchase_line set completed_date = promised_date"


def delivered(place):
    """Return name, bytes and moment of writing of each file there."""
    return {
        str(file.relative_to(place)): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in place.rglob("*.*")
    }


def incidents(house):
    return {one.subject: one.kind for one in open_incidents(house.settings)}


def test_a_build_is_delivered_once_and_the_next_one_beside_it(house):
    place = house.places["kabel"]

    first = house.deliver("kabel")
    before = delivered(place)
    again = house.deliver("kabel", at=MORNING + timedelta(hours=5))
    assert delivered(place) == before
    house.publish(NEXT)
    house.deliver("kabel")

    assert first == again
    assert sorted(folder.name.rpartition("-")[0] for folder in place.iterdir()) == [BUILD, NEXT]
    assert all(check_sums(folder) for folder in place.iterdir())


def test_a_changed_declaration_is_another_share_and_a_comment_is_not(house):
    file = house.declare("kabel")
    house.deliver("kabel")

    file.write_text(f"# looked at in March\n{file.read_text()}")
    house.deliver("kabel")
    assert len(list(house.places["kabel"].iterdir())) == 1
    house.declare("kabel", until="2026-11-30")
    house.deliver("kabel")

    ends = {
        json.loads((folder / "manifest.json").read_text())["use_until"]
        for folder in house.places["kabel"].iterdir()
    }
    assert ends == {"2026-12-31", "2026-11-30"}


def test_on_its_last_day_a_share_is_delivered_and_then_nothing_any_more(house):
    house.declare("kabel", until="2026-04-01")
    place = house.places["kabel"]

    late = house.deliver("kabel", at=datetime(2026, 4, 1, 22, 0, tzinfo=UTC))  # midnight in Berlin
    assert (late.state, list(place.iterdir())) == ("expired", [])
    assert "until 2026-04-01: nothing is delivered any more" in late.text
    in_time = house.deliver("kabel", at=datetime(2026, 4, 1, 21, 59, tzinfo=UTC))

    assert in_time.state == "delivered"
    assert only(place)
    assert incidents(house) == {}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"most_rows": 1}, "2 rows, declared are 1 at most"),
        ({"most_mb": 0}, r"0\.0 MB, declared are 0 at most"),
        (
            {"tables": [declared("nobody")["tables"][0], declared("kabel")["tables"][1]]},
            "without a row at the first delivery: open_orders",
        ),
    ],
)
def test_what_is_empty_or_too_large_waits_for_approval(house, changes, why):
    file = house.declare("kabel", **changes)
    place = house.places["kabel"]

    with pytest.raises(
        ShareHeld, match=f"kabel: held: .*{why}.*umlauf share approve kabel"
    ) as held:
        house.deliver("kabel")
    assert str(file) in str(held.value)
    assert list(place.iterdir()) == []
    assert incidents(house) == {"share kabel": "ShareHeld"}
    house.deliver("kabel", is_approved=True)

    assert check_sums(only(place))
    assert incidents(house) == {}


def test_what_becomes_empty_is_held_and_once_approved_may_stay_so(house):
    house.deliver("kabel")
    house.publish(NEXT, NO_ORDERS)

    with pytest.raises(ShareHeld, match="without a row and was not at the last delivery: open_ord"):
        house.deliver("kabel")
    house.deliver("kabel", is_approved=True)
    house.publish("20260403T030000Z-0000000000")

    assert house.deliver("kabel").state == "delivered"
    assert len(list(house.places["kabel"].iterdir())) == 3


def test_an_approval_is_of_one_build(house):
    house.declare("kabel", most_rows=1)
    house.deliver("kabel", is_approved=True)
    house.publish(NEXT)

    with pytest.raises(ShareHeld, match="2 rows"):
        house.deliver("kabel")


def test_one_that_fails_does_not_hold_the_others_up_and_is_an_incident_until_it_is_mended(house):
    wrong = house.declare("broken", most_rows="many")
    house.declare("full", most_rows=0)
    house.places["nord"].rmdir()

    def states():
        return {
            one.partner: one.state
            for one in deliver_all(house.settings, clock=lambda: MORNING)
        }  # fmt: skip

    assert states() == {
        "broken": "failed", "full": "held", "kabel": "delivered", "nord": "failed"
    }  # fmt: skip
    assert incidents(house) == {
        "share broken": "ConfigError", "share full": "ShareHeld", "share nord": "DeliveryFailed"
    }  # fmt: skip
    house.places["nord"].mkdir()
    wrong.unlink()
    assert states() == {"full": "held", "kabel": "delivered", "nord": "delivered"}

    assert incidents(house) == {"share full": "ShareHeld"}


def test_a_damaged_record_of_incidents_keeps_nobody_from_a_share(house):
    note(house.settings, "share gone", "left", MORNING)
    (file,) = house.settings.landing_root.glob("umlauf/incidents/*/*.parquet")
    file.write_bytes(b"half")

    deliver_all(house.settings, clock=lambda: MORNING)

    assert all(check_sums(only(place)) for place in house.places.values())


def test_a_place_that_is_not_there_is_named_with_what_to_do(house):
    house.places["kabel"].rmdir()

    with pytest.raises(DeliveryFailed, match=r"kabel: not delivered: kabel: folder .* mount or"):
        house.deliver("kabel")


def test_a_connection_that_is_not_there_is_named(house, monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_KABEL")

    with pytest.raises(ConfigError, match="AIRFLOW_CONN_KABEL is not set"):
        house.deliver("kabel")


def test_before_the_first_night_it_says_what_to_do(house):
    house.settings.marts_file.unlink()

    with pytest.raises(ConfigError, match=r"nothing is published yet at .* `umlauf nightly`"):
        house.deliver("kabel")


def test_a_text_that_no_sheet_holds_names_table_and_way_out(house):
    house.change("update inventory.fct_purchase_line set order_name = repeat('x', 40000)")

    with pytest.raises(ConfigError, match=r"table 1: xlsx: .*40,000.*`formats` may leave"):
        house.deliver("kabel")


def test_of_old_shares_the_last_are_kept_and_all_receipts(house):
    house.settings = house.settings.model_copy(update={"kept_snapshots": 1})
    ours = shares_root(house.settings) / "kabel"

    for day in (2, 3, 5, 4):  # the last is a rollback
        house.publish(f"2026040{day}T030000Z-0123456789")
        deliver_all(house.settings, ["kabel"], clock=lambda: MORNING)

    assert [folder.name[:8] for folder in sorted(ours.iterdir()) if folder.is_dir()] == [
        "20260404", "20260405"
    ]  # fmt: skip
    receipts = [json.loads(file.read_text()) for file in sorted(ours.glob("*.delivered"))]
    assert len(receipts) == 4
    assert receipts[0]["deliver_to"] == "kabel"
    assert receipts[0]["delivered_at"] == "2026-04-01T05:30:00+00:00"
    assert receipts[0]["rows"] == 2


def test_it_goes_over_sftp_the_checksums_last(house, tmp_path, monkeypatch):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    server = SftpServer(theirs, drops=1, drop_after=9_000)
    about = {
        "conn_type": "sftp", "host": "127.0.0.1", "port": server.port, "login": "bank",
        "password": "secret", "extra": {"host_key": server.host_key},
    }  # fmt: skip
    monkeypatch.setenv("AIRFLOW_CONN_KABEL", json.dumps(about))

    house.deliver("kabel")

    server.close()
    files = sorted(only(theirs).iterdir(), key=lambda file: file.stat().st_mtime_ns)
    assert server.logins == 2
    assert files[-1].name == "SHA256SUMS"
    assert len(check_sums(only(theirs))) == len(files) - 1
