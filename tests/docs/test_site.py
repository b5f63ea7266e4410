"""`make docs`: every page and link is there, and nothing is loaded from another host."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml

from tests.docs.commands import ROOT
from tests.report.browser import CHROMIUM, Browser
from umlauf.publish.own_tables import OWN_COMMENTS
from umlauf.settings import Settings
from umlauf.sources.registry import all_sources

pytestmark = pytest.mark.integration

LOADED = re.compile(r"<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=[\"']?([^\"' >]+)")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs") / "site"
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=True,
    )
    return folder


@pytest.fixture(scope="module")
def found(site):
    """Return what the search finds its pages by: text by place."""
    index = json.loads((site / "search" / "search_index.json").read_text())
    return {page["location"]: page["text"] for page in index["docs"]}


def test_nothing_is_loaded_from_another_host(site):
    pages = sorted(site.rglob("*.html"))
    loaded = {address for page in pages for address in LOADED.findall(page.read_text())}
    styles = {
        address
        for style in site.rglob("*.css")
        for address in re.findall(r"(?:url\(|@import\s+)[\"']?([^\"')]+)", style.read_text())
    }

    assert len(pages) > 60
    assert any(address.endswith(".js") for address in loaded)
    assert [one for one in loaded | styles if re.match(r"(?:https?:)?//", one)] == []


def test_every_mart_has_its_columns_in_the_search(found):
    for file in (ROOT / "dbt_project" / "models" / "marts").rglob("*.yml"):
        for model in yaml.safe_load(file.read_text())["models"]:
            place = f"reference/marts/{file.parent.name}.html#{file.parent.name}{model['name']}"
            assert [c["name"] for c in model["columns"] if c["name"] not in found[place]] == []
    assert all(f"reference/marts/trust.html#trust{name}" in found for name in OWN_COMMENTS)


def test_every_stream_and_setting_is_in_the_search(found):
    for source in all_sources():
        said = found[f"reference/sources/{source.name}.html#streams-as-declared"]
        assert [stream.name for stream in source.streams if stream.name not in said] == []
    variables = {f"UMLAUF_{name.upper()}" for name in Settings.model_fields} - {"UMLAUF_SOURCES"}
    assert [name for name in variables if name not in found["reference/settings.html"]] == []


def test_every_command_is_in_the_search(found):
    said = found["reference/commands.html#umlauf-backfill"]

    assert "--replay" in said
    assert "Fetch nothing: build what has landed by the models." in said
    assert "reference/commands.html#umlauf-contract-accept" in found


def test_every_decision_is_listed(site):
    listed = (site / "decisions" / "index.html").read_text()

    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len(files) > 40
    assert [file.stem for file in files if f'href="{file.stem}.html"' not in listed] == []


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_search_answers_in_a_page_opened_from_the_folder(site, tmp_path):
    browser = Browser(tmp_path)
    try:
        browser.visit(site / "index.html", width=1280)
        browser.wait_for("document.readyState === 'complete' && !!document.forms.search?.query")
        browser.value(
            "document.querySelector('#__search').click();"
            "document.forms.search.query.focus();"
            "document.forms.search.query.value = 'rollback';"
            "document.forms.search.query.dispatchEvent(new Event('input', {bubbles: true}))"
        )
        hit = browser.wait_for("document.querySelector('.md-search-result__link')?.href")

        assert "rollback" in browser.value("document.querySelector('.md-search-result').innerText")
        assert hit.startswith(site.as_uri())
        assert all(a.startswith(("file:", "data:", "about:")) for a in browser.addresses())
        assert browser.problems() == []
    finally:
        browser.close()
