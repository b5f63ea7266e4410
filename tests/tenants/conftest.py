"""An installation of two companies whose settings are nothing but defaults."""

import pytest


@pytest.fixture
def tenants(tmp_path, monkeypatch):
    """Return the folder of the tenants' files: acme and globex, below a home of their own."""
    folder = tmp_path / "tenants"
    folder.mkdir()
    for name in ("acme", "globex"):
        (folder / f"{name}.toml").touch()
    monkeypatch.setenv("UMLAUF_TENANTS", str(folder))
    monkeypatch.setenv("UMLAUF_HOME", str(tmp_path / "var"))
    return folder
