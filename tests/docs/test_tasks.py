"""What the pages say to type is typed, page by page: the tutorial first, then on its company."""

import json
import re
import shlex
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
import yaml

from tests.alert.mail_server import MailServer
from tests.docs.commands import PAGES, ROOT, read_commands
from tests.docs.reader import Reader, check_out, environment_of, typed_on
from tests.publish.postgres_server import PASSWORD, running_postgres
from umlauf.landing.windows import business_day
from umlauf.sandbox.company import make
from umlauf.sandbox.serve.connections import connections
from umlauf.sandbox.serve.rates import RateLimits
from umlauf.sandbox.serve.servers import running
from umlauf.settings import load_settings

pytestmark = pytest.mark.integration

WHOLE = {command.text for page in PAGES for command in read_commands(page) if command.is_whole}
# Command as printed -> the test of what it starts: they want more than a shell has here. Docker has
# no engine in tests: of its four the compose file alone is tested.
ELSEWHERE = {
    "make demo": "tests/e2e/test_real_scheduler.py",
    "make up": "tests/e2e/test_real_scheduler.py",
    "make superset": "tests/truth/test_superset_truth.py",
    "make spark": "tests/truth/test_spark_truth.py",
    "umlauf build --target spark": "tests/truth/test_spark_truth.py",
    "umlauf chaos --faults 100": "tests/chaos/test_faults.py",
    "umlauf chaos --kind KIND --faults 10": "tests/chaos/test_faults.py",
    "umlauf chaos --plan every-step": "tests/chaos/test_faults.py",
    "umlauf dashboards export": "tests/truth/test_superset_truth.py",
    "umlauf up --workers 2": "tests/e2e/test_several_workers.py",
    "docker compose up --build --detach": "tests/test_compose.py",
    "docker compose up --build --detach --scale worker=2": "tests/test_compose.py",
    "docker compose exec worker umlauf settings": "tests/test_compose.py",
    "docker compose exec worker umlauf land hubspot owners": "tests/test_compose.py",
}
TUTORIAL = "docs/tutorial.md"
# Typed in the tutorial and for a late source; each takes a minute, wherever it stands once more.
BUILT = ("umlauf build", "umlauf nightly")
BUILD = re.compile(r"^published \d{8}T\d{6}Z-\w{10}$", re.MULTILINE)


@pytest.fixture(scope="module")
def entered(tmp_path_factory):
    """Serve a company; return the connections that its people would enter, by variable."""
    home = tmp_path_factory.mktemp("company")
    make(home, scale=0.05, seed=7, end=date(2026, 11, 17), months=3)
    limits = RateLimits(requests_per_second=0, searches_per_second=0)
    with running(home, limits=limits) as addresses:
        yield connections(addresses)


@pytest.fixture(scope="module")
def reader(entered, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reader")
    checkout = check_out(folder / "umlauf")
    return Reader(checkout, environment_of(checkout, folder / "var", entered))


@pytest.fixture(scope="module")
def home(reader):
    return load_settings(home=reader.environment["UMLAUF_HOME"])


@pytest.fixture(scope="module")
def server():
    with running_postgres() as server:
        yield server


def test_the_tutorial_ends_with_a_company_published(reader, entered, home):
    own_home = typed_on(TUTORIAL).index("export UMLAUF_HOME=/srv/umlauf")

    said = reader.follow(
        TUTORIAL,
        part=slice(own_home, None),
        leaves=ELSEWHERE,
        instead={"/srv/umlauf": str(home.home)} | filled(entered),
    )
    reader.follow(TUTORIAL, part=slice(own_home), leaves=ELSEWHERE)  # the demo's, asked of this one

    assert BUILD.search(said["umlauf nightly"])


def filled(entered):
    """Return the printed values of connections, and each with this company's places and keys."""
    meant = {name: json.loads(text) for name, text in entered.items()}
    (hubspot,) = printed("AIRFLOW_CONN_HUBSPOT_DEFAULT")
    (odoo,) = printed("AIRFLOW_CONN_ODOO_DEFAULT")
    folder, sftp = printed("AIRFLOW_CONN_BANK_DEFAULT")
    crm, erp = (meant[f"AIRFLOW_CONN_{name}_DEFAULT"] for name in ("HUBSPOT", "ODOO"))
    bank = meant["AIRFLOW_CONN_BANK_DEFAULT"]
    (place,) = bank["extra"]["places"]
    host, port, path = re.fullmatch(r"sftp://(?:\w+@)?([^:/]+):(\d+)/?(.*)", place["url"]).groups()
    return {
        hubspot: with_own(hubspot, host=crm["host"], password=crm["password"]),
        odoo: with_own(odoo, host=erp["host"], password=erp["password"], extra=erp["extra"]),
        folder: bank["host"],
        sftp: with_own(
            sftp,
            host=host,
            port=int(port),
            schema=path,
            login=place["login"],
            password=place["password"],
            extra={"host_key": place["host_key"]},
        ),
    }


def printed(variable):
    """Return the values that the tutorial gives a variable, in its order."""
    words = [
        shlex.split(text) for text in typed_on(TUTORIAL) if text.startswith(f"export {variable}=")
    ]
    return [each[1].partition("=")[2] for each in words]


def with_own(text, **own):
    """Return a printed connection with own values; its extras must be those that are printed."""
    about = json.loads(text)
    assert about.get("extra", {}).keys() == own.get("extra", {}).keys()
    return json.dumps(about | own)


def test_a_late_source_is_landed_by_hand_and_built(reader):
    said = reader.follow("docs/how-to/a-source-is-late.md")

    assert BUILD.search(said["umlauf build"])


def test_what_failed_is_asked_for_and_read_again(reader):
    assert reader.follow("docs/how-to/a-check-failed.md", leaves=BUILT)


def test_a_field_that_changed_is_accepted(reader):
    contract = reader.checkout / "expectations/hubspot/contracts/deals.yml"
    accepted = yaml.safe_load(contract.read_text())
    contract.write_text(
        re.sub(r"  properties\.(dealtype|hs_object_id): text\n", "", contract.read_text())
    )
    differ = ("umlauf contract diff hubspot", "umlauf contract diff hubspot deals")

    said = reader.follow(
        "docs/how-to/a-field-changed.md", leaves=BUILT, ends=dict.fromkeys(differ, 1)
    )

    assert all("properties.dealtype" in said[each] for each in differ)
    assert yaml.safe_load(contract.read_text()) == accepted


@pytest.mark.parametrize(
    "page", ["ask-a-headline-number", "past-one-machine", "landing-in-a-bucket"]
)
def test_a_page_that_only_asks_gets_its_answers(reader, page):
    assert reader.follow(f"docs/how-to/{page}.md")


def test_the_marts_of_a_past_night_are_built_again(reader, home):
    night = business_day(datetime.now(UTC), home.zone).isoformat()

    said = reader.follow("docs/how-to/past-picture.md", instead={"2026-11-18": night})

    (picture,) = (text for command, text in said.items() if "--known-on" in command)
    told = re.search(r"(\d+) of (\d+) marts say what was published that night", picture)
    assert told[1] == told[2]
    assert (reader.checkout / "then.duckdb").exists()


def test_a_bi_tool_has_three_ways_to_the_marts(reader, server, tmp_path):
    reader.follow(
        "docs/how-to/connect-a-bi-tool.md",
        instead={
            "umlauf:password@db.example.com:5432": f"postgres:{PASSWORD}@127.0.0.1:{server.port}",
            "/srv/marts": str(tmp_path / "marts"),
        },
    )

    ((views,),) = server.rows("select count(*) from pg_views where schemaname = 'cash_flow'")
    assert views > 10
    assert (tmp_path / "marts" / "manifest.json").exists()
    assert (reader.checkout / "order.xlsx").stat().st_size > 1000


def test_the_dashboards_are_checked(reader):
    reader.follow("docs/how-to/dashboards.md", leaves=ELSEWHERE)


def test_chaos_says_which_faults_there_are(reader):
    reader.follow("docs/how-to/break-it.md", leaves=ELSEWHERE)


def test_a_new_source_has_its_four_places(reader):
    reader.follow("docs/add-a-source.md")

    places = ("plugins/umlauf/sources", "dbt_project/models/staging", "expectations")
    assert all((reader.checkout / place / "erpnext").is_dir() for place in places)
    assert (reader.checkout / "tests/sources/erpnext").is_dir()
    for place in places:
        (reader.checkout / place / "erpnext").rename(reader.checkout / f"aside_{place[:4]}")


def test_a_partner_receives_its_share(reader, tmp_path):
    declared = re.search(r"```yaml\n(.*?)```", (ROOT / "shares/README.md").read_text(), re.DOTALL)
    ends = datetime.now(UTC).date() + timedelta(days=30)
    text = re.sub(r"until: .*", f"until: {ends}", declared[1])
    file = reader.checkout / "shares/kabelwerk.yml"
    file.write_text(re.sub(r"supplier_id: 17", "supplier_id: 5", text))
    reader.environment["AIRFLOW_CONN_KABELWERK"] = f"file://{tmp_path}"

    said = reader.follow("docs/how-to/share-with-a-partner.md")

    file.unlink()
    assert "delivered" in said["umlauf share list"]
    assert list(tmp_path.rglob("SHA256SUMS"))


def test_a_backfill_is_seen_once_somebody_says_so_and_taken_back(reader):
    said = reader.follow("docs/how-to/backfill-and-undo.md", answers="y\n")

    (filled_again,) = (text for command, text in said.items() if " backfill " in command)
    assert BUILD.search(filled_again)
    assert "readers see" in said["umlauf rollback"]


def test_one_of_several_companies_has_a_night_of_its_own(reader, entered, server, tmp_path):
    page = "docs/how-to/several-companies.md"
    declared = re.search(r"```toml\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    (tmp_path / "acme.toml").write_text(
        "\n".join(line.removeprefix("    ") for line in declared[1].splitlines())
    )
    with closing(server.session(database="postgres")) as session, session.cursor() as cursor:
        cursor.execute("create database acme")
    reader.environment |= {
        name.replace("CONN_", "CONN_ACME__"): text for name, text in entered.items()
    }

    with MailServer() as mail:
        reader.environment["AIRFLOW_CONN_ACME__SMTP_DEFAULT"] = mail.connection
        said = reader.follow(
            page,
            instead={
                "/srv/umlauf/tenants": str(tmp_path),
                "user:password@host:5432": f"postgres:{PASSWORD}@127.0.0.1:{server.port}",
            },
        )

    (((to,), _),) = mail.inbox.mails
    assert to == "board@acme.example"
    assert BUILD.search(said["umlauf --tenant acme nightly"])
    assert (reader.checkout / "pools.json").exists()
    with closing(server.session(database="acme")) as session, session.cursor() as cursor:
        cursor.execute("select count(*) from cash_flow.fct_bank_entry")
        assert cursor.fetchone()[0] > 0


def test_all_is_restored_from_landing(reader):
    said = reader.follow("docs/how-to/restore.md")

    told = re.search(r"(\d+) of (\d+) marts say what was", said["umlauf restore"])
    assert told[1] == told[2]


def test_a_person_is_erased(reader):
    said = reader.follow("docs/how-to/erase-a-person.md", answers="y\n")

    assert BUILD.search(said["umlauf build"])


def test_a_damaged_file_is_named_and_set_aside(reader, home):
    file = next((home.landing_root / "bank/entries").rglob("*.parquet"))
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    file.write_bytes(damaged)
    find = ("umlauf verify", "umlauf verify bank", "umlauf verify --set-aside")

    said = reader.follow("docs/how-to/verify.md", leaves=BUILT, ends=dict.fromkeys(find, 1))

    assert all(file.name in said[each] for each in find)
    assert not file.exists()


def test_every_other_command_has_a_test_elsewhere(reader):
    assert WHOLE - reader.typed == ELSEWHERE.keys()
    assert all((ROOT / test).exists() for test in ELSEWHERE.values())
