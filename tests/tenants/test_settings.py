"""Which settings a tenant has, and when they are refused."""

import pytest

from umlauf.errors import ConfigError
from umlauf.orchestration.companies import companies, require_right
from umlauf.origins import explain
from umlauf.settings import load_installation, load_settings, load_tenants
from umlauf.tenants import qualified


def write(folder, tenant, text):
    (folder / f"{tenant}.toml").write_text(text)


def test_one_company_is_as_it_was(settings):
    assert settings.tenant is None
    assert settings.named("land_bank") == "land_bank"
    assert [one.tenant for one in companies()] == [None]
    assert load_tenants() == {}


def test_all_state_of_a_tenant_lies_in_a_home_of_its_own(tenants, tmp_path):
    acme = load_settings(tenant="acme")

    assert acme.home == tmp_path / "var/tenants/acme"
    for place in (acme.landing_root, acme.warehouse, acme.marts_file, acme.leases, acme.reports):
        assert place.is_relative_to(acme.home)


@pytest.mark.parametrize(
    ("variable", "installation", "own"),
    [
        ("UMLAUF_LANDING", "s3://lake/landing", "s3://lake/landing/acme"),
        ("UMLAUF_LANDING", "/srv/landing", "/srv/landing/acme"),
        ("UMLAUF_PARQUET_COPY", "/srv/copies", "/srv/copies/acme"),
        ("UMLAUF_SHARES", "/srv/shares", "/srv/shares/acme"),
    ],
)
def test_a_place_of_the_installation_is_divided(tenants, monkeypatch, variable, installation, own):
    monkeypatch.setenv(variable, installation)
    name = variable.removeprefix("UMLAUF_").lower()

    assert str(getattr(load_settings(tenant="acme"), name)) == own


def test_a_place_that_its_file_names_is_taken_as_it_stands(tenants, monkeypatch):
    monkeypatch.setenv("UMLAUF_LANDING", "s3://lake/landing")
    write(tenants, "acme", 'landing = "s3://acme-lake/raw"')

    assert str(load_settings(tenant="acme").landing_root) == "s3://acme-lake/raw"
    assert str(load_settings(tenant="globex").landing_root) == "s3://lake/landing/globex"


def test_a_landing_in_a_bucket_is_opened_by_the_tenant_s_own_connection(tenants, monkeypatch):
    monkeypatch.setenv("UMLAUF_LANDING", "s3://lake/landing")
    root = load_settings(tenant="acme").landing_root
    monkeypatch.setenv("AIRFLOW_CONN_LANDING_S3", "aws://key:secret@")

    for place in (root, root / "odoo", (root / "odoo").parent):
        with pytest.raises(ConfigError, match="AIRFLOW_CONN_ACME__LANDING_S3 is not set"):
            list(place.rglob())


def test_arguments_outrank_the_environment_the_tenant_s_file_and_umlauf_toml(
    tenants, monkeypatch, tmp_path
):
    general = tmp_path / "umlauf.toml"
    general.write_text('memory = "1GB"\nbatch_rows = 1\n[sources.odoo]\nlookback_hours = 1')
    monkeypatch.setattr("umlauf.settings.CONFIG_FILE", general)
    write(
        tenants,
        "acme",
        'memory = "2GB"\nkept_snapshots = 2\n[sources.odoo]\nlookback_hours = 2\nmax_retries = 2',
    )
    monkeypatch.setenv("UMLAUF_KEPT_SNAPSHOTS", "3")
    monkeypatch.setenv("UMLAUF_SOURCES__ODOO__MAX_RETRIES", "3")
    monkeypatch.setenv("UMLAUF_REPORTING_CURRENCY", "CHF")

    acme = load_settings(tenant="acme", reporting_currency="USD")

    assert (acme.batch_rows, acme.memory, acme.kept_snapshots) == (1, "2GB", 3)
    assert (acme.source("odoo").lookback_hours, acme.source("odoo").max_retries) == (2, 3)
    assert acme.reporting_currency == "USD"
    origins = {name: origin for name, _, origin in explain(load_settings(tenant="acme"))}
    assert origins["batch_rows"] == "umlauf.toml"
    assert origins["memory"] == "acme.toml"
    assert origins["kept_snapshots"] == "environment UMLAUF_KEPT_SNAPSHOTS"


def test_its_connections_are_its_own_by_their_names(tenants, monkeypatch):
    from umlauf.sources.registry import find_source

    write(tenants, "acme", '[sources.odoo]\nconnection = "erp"')
    acme = load_settings(tenant="acme")

    assert acme.connection_to(find_source("bank")) == "acme__bank_default"
    assert acme.connection_to(find_source("odoo")) == "acme__erp"


@pytest.mark.parametrize("tenant", ["acme", "acme_de", "a", "acme_2"])
@pytest.mark.parametrize("name", ["erp", "de_erp", "_erp", "__erp", "de__erp", "2"])
def test_no_name_of_one_tenant_can_be_read_as_another_s(tenant, name):
    # With one underscore between them acme's connection de_erp would be erp of acme_de.
    assert qualified(tenant, name).partition("__")[::2] == (tenant, name)


@pytest.mark.parametrize(
    "name", ["Acme", "1acme", "acme-de", "acme__de", "acme_", "_acme", "a" * 21, "acme.de"]
)
def test_what_is_no_name_is_refused(tenants, name):
    write(tenants, name, "")

    with pytest.raises(ConfigError, match=f"{name}' is no name of a tenant: expected at most 20"):
        load_settings(tenant=name)


def test_without_a_tenant_the_tenants_are_listed(tenants):
    with pytest.raises(ConfigError, match=r"which company\? There are acme, globex: `umlauf --ten"):
        load_settings()
    assert load_installation().home == tenants.parent / "var"


def test_a_tenant_that_is_not_there_is_refused(tenants):
    with pytest.raises(ConfigError, match="no tenant 'acne'; there are acme, globex"):
        load_settings(tenant="acne")


def test_a_tenant_of_one_company_is_refused(monkeypatch):
    monkeypatch.setenv("UMLAUF_TENANT", "acme")

    with pytest.raises(ConfigError, match="tenant 'acme': there is one company"):
        load_settings()


def test_a_folder_without_tenants_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("UMLAUF_TENANTS", str(tmp_path / "typo"))

    with pytest.raises(ConfigError, match=r"typo, where there is no <tenant>\.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('reporting_currency = "euro"', "acme: reporting_currency"),
        ("[sources.odo]\nenabled = false", "acme: sources.*no source 'odo'"),
        ("lookbak_hours = 1", "acme: lookbak_hours"),
        ("memory = ", r"acme\.toml cannot be read"),
        ('tenant = "globex"', r"acme\.toml sets tenant, which is the installation's"),
        ('tenants = "elsewhere"', r"acme\.toml sets tenants, which is the installation's"),
    ],
)
def test_wrong_settings_of_one_are_its_alone(tenants, text, said):
    write(tenants, "acme", text)

    with pytest.raises(ConfigError, match=said):
        load_settings(tenant="acme")
    assert [one.tenant for one in companies()] == ["globex"]
    with pytest.raises(ConfigError, match=f"tenants without DAGs: settings: .*{said}"):
        require_right()


@pytest.mark.parametrize(
    ("acme", "globex", "said"),
    [
        ('home = "/srv/one"', 'home = "/srv/one"', "home of acme is /srv/one, home of globex"),
        ('home = "/srv/one"', 'home = "/srv/one/two"', "home of globex is /srv/one/two"),
        ('home = "/srv/one/two"', 'home = "/srv/one"', "home of acme is /srv/one/two"),
        ('landing = "/srv/g/landing"', 'home = "/srv/g"', "landing of acme .* home of globex"),
        ('parquet_copy = "/c"', 'parquet_copy = "/c/x/../"', "parquet_copy of acme"),
        ('landing = "s3://lake/x"', 'landing = "s3://lake/x/y"', "s3://lake/x/y"),
        (
            'landing = "s3://lake/x"',
            'landing = "s3://lake/x.backfill"',
            "a backfill of the landing of acme is s3://lake/x.backfill",
        ),
    ],
)
def test_two_that_do_not_lie_apart_are_both_refused(tenants, acme, globex, said):
    write(tenants, "acme", acme)
    write(tenants, "globex", globex)

    for tenant in ("acme", "globex"):
        with pytest.raises(ConfigError, match=f"acme and globex do not lie apart.*{said}"):
            load_settings(tenant=tenant)
    assert companies() == []


def test_a_link_into_another_s_home_is_no_place_of_one_s_own(tenants, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "var/tenants/globex/landing")
    write(tenants, "acme", f'landing = "{tmp_path / "link"}"')

    with pytest.raises(ConfigError, match="acme and globex do not lie apart: landing of acme"):
        load_settings(tenant="acme")


@pytest.mark.parametrize(
    ("acme", "globex"),
    [
        ('home = "/srv/acme"', 'home = "/srv/acme2"'),
        ('landing = "s3://lake/acme"', 'landing = "s3://lake/acme2"'),
        ('landing = "s3://lake/acme"', 'landing = "s3://other/acme"'),
    ],
)
def test_neighbours_lie_apart(tenants, acme, globex):
    write(tenants, "acme", acme)
    write(tenants, "globex", globex)

    assert [one.tenant for one in companies()] == ["acme", "globex"]


def test_the_page_of_every_company_is_mailed_to_nobody_in_common(tenants, monkeypatch):
    monkeypatch.setenv("UMLAUF_ALERTS__PAGE_TO", "all@example.com")

    with pytest.raises(ConfigError, match=r"alerts\.page_to of the installation"):
        load_settings(tenant="acme")
