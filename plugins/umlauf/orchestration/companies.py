"""The companies of this installation, each with what Airflow has of its own for it."""

from __future__ import annotations

from umlauf.errors import ConfigError
from umlauf.settings import Settings, load_settings, load_tenants


def companies() -> list[Settings]:
    """Return the settings of the one company, or of each tenant whose settings are right.

    Others are left out, so that the DAGs of the rest are there: `require_right` tells of them.

    Raises:
        ConfigError: what is wrong is not one tenant's.
    """
    if not (tenants := load_tenants()):
        return [load_settings()]
    return [one for one in tenants.values() if isinstance(one, Settings)]


def tags(company: Settings, *names: str) -> list[str]:
    """Return a DAG's tags; the tenant's is among them."""
    return [*names, *([company.tenant] if company.tenant else [])]


def require_right() -> None:
    """Refuse wrong settings of a tenant.

    Raises:
        ConfigError: names each such tenant and what is wrong.
    """
    if wrong := [str(one) for one in load_tenants().values() if isinstance(one, ConfigError)]:
        raise ConfigError("tenants without DAGs: " + "; ".join(wrong))
