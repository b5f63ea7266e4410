"""Every setting in one typed place: defaults < umlauf.toml < environment (UMLAUF_*).

Nested settings use two underscores: UMLAUF_SOURCES__HUBSPOT__LOOKBACK_HOURS=48. Of several
companies each has a file between the last two (see `umlauf.tenants`).
Secrets are not settings: they live in connections (see `umlauf.transport.auth`).
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from pkgutil import iter_modules
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, InstanceOf, PlainSerializer, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from umlauf.errors import ConfigError
from umlauf.home import Home
from umlauf.nested_settings import AlertSettings, SourceSettings, SparkSettings
from umlauf.spec import Source
from umlauf.storage.bucket_path import CONNECTION, SCHEME, AnyPath, BucketPath
from umlauf.tenants import PLACES, declared_tenants, divided, not_apart, qualified, read_tenant

PREFIX = "UMLAUF_"
PROJECT = Path(__file__).resolve().parents[2]
_InBucket = Annotated[InstanceOf[BucketPath], PlainSerializer(str)]
CONFIG_FILE = Path(os.environ.get("UMLAUF_CONFIG", PROJECT / "umlauf.toml"))
# What the file of the tenant sets whose settings are being loaded.
_of_tenant: ContextVar[Mapping[str, Any]] = ContextVar("of_tenant")


class Settings(BaseSettings, Home):
    """All settings in force; frozen."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: Path = Field(PROJECT / "var", description="All state lives below this folder.")
    tenants: Path | None = Field(
        None, description="Folder of the settings of several companies: <tenant>.toml."
    )
    tenant: str | None = Field(None, description="Which of them is meant; or `umlauf --tenant`.")
    landing: Path | _InBucket | None = Field(
        None, description="Folder, or s3://bucket/folder; default: <home>/landing."
    )
    company_time_zone: str = "Europe/Berlin"
    reporting_currency: str = Field("EUR", pattern="^[A-Z]{3}$")
    fiscal_year_start_month: int = Field(1, ge=1, le=12)
    memory: str = Field(
        "3GB", pattern=r"^\d+(MB|GB)$", description="What DuckDB may hold; the rest goes to disk."
    )
    least_cash: Decimal = Field(
        Decimal(), description="Reporting currency; the page warns of weeks that may end below."
    )
    batch_rows: int = Field(50_000, ge=1, description="Rows per landed file, at most.")
    kept_snapshots: int = Field(7, ge=0, description="To roll back to, beside the published one.")
    shares: Path = Field(PROJECT / "shares", description="What partners receive: <partner>.yml.")
    lease_wait_seconds: float = Field(1800, ge=0, description="How long to wait for another run.")
    postgres_connection: str | None = Field(
        None, description="Connection id of a PostgreSQL database that gets the marts as well."
    )
    parquet_copy: Path | None = Field(None, description="Folder that gets them as Parquet as well.")
    alerts: AlertSettings = Field(default_factory=AlertSettings)
    spark: SparkSettings = Field(default_factory=SparkSettings)
    sources: dict[str, SourceSettings] = Field(default_factory=dict)

    @field_validator("landing", mode="before")
    @classmethod
    def _folder_or_bucket(cls, landing: object) -> object:
        # What is at hand of a bucket lies below the home, which `landing_root` knows.
        if isinstance(landing, str) and landing.startswith(SCHEME):
            return BucketPath.parse(landing, Path())
        return landing

    @field_validator("company_time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no such time zone: {name!r}") from error
        return name

    @field_validator("sources")
    @classmethod
    def _known_sources(cls, sources: dict[str, SourceSettings]) -> dict[str, SourceSettings]:
        known = source_names()
        for name in sources:
            if name not in known:
                raise ValueError(f"no source {name!r}; there are {', '.join(known)}")
        return sources

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Rank: arguments, environment, the tenant's file, umlauf.toml."""
        tenant = InitSettingsSource(settings_cls, init_kwargs=dict(_of_tenant.get({})))
        toml = TomlConfigSettingsSource(settings_cls, toml_file=CONFIG_FILE)
        return init_settings, env_settings, tenant, toml

    @property
    def zone(self) -> ZoneInfo:
        """Company time zone."""
        return ZoneInfo(self.company_time_zone)

    @property
    def landing_root(self) -> AnyPath:
        """Folder of the landed batches, on a disk or in a bucket."""
        if isinstance(self.landing, BucketPath):
            connection = self.named(CONNECTION)
            return replace(self.landing, at_hand=self.cache, connection=connection)
        return (self.landing or self.home / "landing").resolve()

    @property
    def has_copies(self) -> bool:
        """Whether the published marts go anywhere else as well."""
        return bool(self.parquet_copy or self.postgres_connection)

    @property
    def has_shares(self) -> bool:
        """Whether any partner receives anything."""
        return any(self.shares.glob("*.yml"))

    @property
    def title(self) -> str:
        """What people read above its pages and mails: one of several companies is told apart."""
        return f"Umlauf {self.tenant}" if self.tenant else "Umlauf"

    def named(self, name: str) -> str:
        """Return what this company calls its own DAG, pool or connection of that name."""
        return qualified(self.tenant, name)

    def source(self, name: str) -> SourceSettings:
        """Return what is set for the source, or its defaults."""
        return self.sources.get(name, SourceSettings())

    def connection_to(self, source: Source) -> str:
        """Return the id of the connection to a source."""
        return self.named(self.source(source.name).connection or source.conn_id)


def source_names() -> list[str]:
    """Return the names a source can have: those of the folders below sources/, nothing imported."""
    folder = Path(__file__).with_name("sources")
    return sorted(module.name for module in iter_modules([str(folder)]) if module.ispkg)


def load_settings(**overrides: Any) -> Settings:
    """Return the settings in force, of several companies those of the one that is meant.

    Raises:
        ConfigError: a setting is unknown or wrong; the message names it and its origin. Or nobody
            says which company is meant, or it does not lie apart from another.
    """
    installation = load_installation(**overrides)
    if installation.tenants is None:
        if installation.tenant:
            raise ConfigError(
                f"settings: tenant {installation.tenant!r}: there is one company, for "
                "UMLAUF_TENANTS names no folder of several"
            )
        return installation
    loaded = _load_tenants(installation, overrides)
    if not (tenant := installation.tenant):
        raise ConfigError(
            f"settings: which company? There are {', '.join(loaded)}: `umlauf --tenant "
            f"{next(iter(loaded))} ...`, or UMLAUF_TENANT={next(iter(loaded))}"
        )
    settings = loaded.get(tenant) or _load_tenant(installation, tenant, overrides)
    if isinstance(settings, ConfigError):
        raise settings
    return settings


def load_tenants() -> dict[str, Settings | ConfigError]:
    """Return the settings of each tenant, or what is wrong with them; none of one company.

    Raises:
        ConfigError: what is wrong is the installation's.
    """
    installation = load_installation()
    return _load_tenants(installation, {}) if installation.tenants else {}


def load_installation(**overrides: Any) -> Settings:
    """Return the settings of the installation, whichever tenant is meant.

    Raises:
        ConfigError: as in `load_settings`.
    """
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields} | {f"{PREFIX}CONFIG"}
    for name in os.environ:
        if name.startswith(PREFIX) and name.split("__")[0] not in known:
            raise ConfigError(
                f"settings: unknown environment variable {name}; known: {', '.join(sorted(known))}"
            )
    if f"{PREFIX}CONFIG" in os.environ and not CONFIG_FILE.is_file():
        raise ConfigError(f"settings: {PREFIX}CONFIG names {CONFIG_FILE}, where there is no file")
    settings = _load(overrides)
    if settings.tenants and settings.alerts.page_addresses:
        raise ConfigError(
            "settings: alerts.page_to of the installation would mail the figures of every company "
            "to the same people; set it in the file of each tenant"
        )
    return settings


def _load(given: Mapping[str, Any], whose: str = "") -> Settings:
    try:
        settings = Settings(**given)
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"settings: {whose}{_one_line(error)}") from error
    return settings.model_copy(update={"home": settings.home.resolve()})


def _load_tenants(
    installation: Settings, overrides: Mapping[str, Any]
) -> dict[str, Settings | ConfigError]:
    loaded: dict[str, Settings | ConfigError] = {}
    for tenant in declared_tenants(installation.tenants or Path()):
        try:
            loaded[tenant] = _load_tenant(installation, tenant, overrides)
        except ConfigError as error:
            loaded[tenant] = error
    kept = {name: _kept(one) for name, one in loaded.items() if isinstance(one, Settings)}
    return loaded | not_apart(kept)


def _load_tenant(installation: Settings, tenant: str, overrides: Mapping[str, Any]) -> Settings:
    own = read_tenant(installation.tenants or Path(), tenant)
    # Of places the tenant's file has the last word: a variable is one for all tenants.
    places = divided({name: getattr(installation, name) for name in PLACES}, tenant)
    places |= {name: own[name] for name in PLACES if name in own}
    told = _of_tenant.set(own)
    try:
        return _load({**overrides, **places, "tenant": tenant}, f"{tenant}: ")
    finally:
        _of_tenant.reset(told)


def _kept(settings: Settings) -> dict[str, AnyPath]:
    places = {name: getattr(settings, name) for name in PLACES} | {"landing": settings.landing_root}
    return {name: place for name, place in places.items() if place}


def _one_line(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return f"{CONFIG_FILE.name} is not valid TOML: {error}"
    return "; ".join(
        f"{'.'.join(map(str, item['loc']))}: {item['msg']}, got {item['input']!r}"
        for item in error.errors()
    )
