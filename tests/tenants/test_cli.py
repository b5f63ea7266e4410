"""`umlauf --tenant`, as a person types it."""

import json
import os

import pytest
from click.testing import CliRunner

from umlauf.cli import umlauf


def run(*words):
    return CliRunner().invoke(umlauf, words)


def test_a_command_acts_for_the_tenant_that_is_named_and_forgets_it(tenants):
    done = run("--tenant", "acme", "status")

    assert done.output.splitlines()[0].split() == ["tenant", "acme"]
    assert "UMLAUF_TENANT" not in os.environ


def test_the_option_outranks_the_environment(tenants, monkeypatch):
    monkeypatch.setenv("UMLAUF_TENANT", "acme")

    assert json.loads(run("status", "--json").stdout)["tenant"] == "acme"
    assert json.loads(run("--tenant", "globex", "status", "--json").stdout)["tenant"] == "globex"
    assert os.environ["UMLAUF_TENANT"] == "acme"


@pytest.mark.parametrize("command", ["nightly", "status", "build", "snapshots", "verify", "report"])
def test_without_a_tenant_a_company_s_command_lists_them(tenants, command):
    done = run(command)

    assert done.exit_code == 2
    assert "which company? There are acme, globex" in done.output


def test_commands_of_no_company_need_none(tenants):
    assert run("sources").exit_code == 0


def test_the_sandbox_s_platform_is_of_one_company(tenants):
    done = run("up")

    assert done.exit_code == 2
    assert "unset UMLAUF_TENANTS" in done.output


def test_tenants_are_listed_with_what_is_wrong(tenants):
    (tenants / "globex.toml").write_text("memory = 1")

    done = run("tenants")

    assert done.exit_code == 2
    acme, globex = done.stdout.splitlines()
    assert acme.split() == ["acme", str(tenants.parent / "var/tenants/acme")]
    assert globex.startswith("globex")
    assert "WRONG: settings: globex: memory" in globex


def test_pools_are_printed_as_airflow_imports_them(tenants):
    printed = json.loads(run("tenants", "--pools").stdout)

    assert printed["acme__warehouse"] == {
        "slots": 1,
        "description": "The one step that holds the warehouse.",
        "include_deferred": False,
    }


def test_figures_for_prometheus_say_whose_they_are(tenants):
    lines = run("--tenant", "acme", "status", "--prometheus").stdout.splitlines()

    assert len(lines) > 10
    assert all('tenant="acme"' in line for line in lines if not line.startswith("#"))
