"""Settings of one room each, which `umlauf.settings` holds: a source, alerts, Spark."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from umlauf.spec import Limits


class SourceSettings(BaseModel):
    """What can be set for one source."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = True
    connection: str | None = Field(None, description="Connection id; default: the source's own.")
    lookback_hours: float = Field(24, ge=0, description="Overlap for rows that show up late.")
    max_deleted_ratio: float = Field(0.05, ge=0, le=1, description="More gone at once: stop.")
    census_days: float = Field(7, ge=0, description="All keys are listed at least this often.")
    census_requests: int = Field(
        10, ge=0, description="Keys that so many requests list are listed every night."
    )
    requests_per_second: float = Field(8, gt=0)
    connect_timeout: float = Field(10, gt=0, description="Seconds.")
    read_timeout: float = Field(60, gt=0, description="Seconds.")
    deadline: float = Field(120, gt=0, description="Seconds for one request with its body.")
    max_retries: int = Field(6, ge=0)
    retry_after_ceiling: float = Field(300, gt=0, description="Seconds.")

    def limits(self) -> Limits:
        """Return the transport's share of these settings."""
        return Limits(
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            deadline=self.deadline,
            requests_per_second=self.requests_per_second,
            max_retries=self.max_retries,
            retry_after_ceiling=self.retry_after_ceiling,
        )


class AlertSettings(BaseModel):
    """Who is told what is wrong, and that it is over; nobody, unless one of the two is set."""

    model_config = ConfigDict(extra="forbid")

    mail_to: str = Field("", description="Addresses, with commas between them.")
    page_to: str = Field("", description="Addresses that get the morning page.")
    page_language: str = Field("en", description="Language of the page that is mailed.")
    mail_connection: str = Field("smtp_default", description="Connection id of the mail server.")
    webhook_connection: str | None = Field(
        None, description="Connection id of an address that takes JSON, as Slack's does."
    )
    warning_nights: int = Field(
        3, ge=1, description="A check that only warns is told after so many nights in a row."
    )

    @property
    def mail_addresses(self) -> list[str]:
        """Who is told what is wrong."""
        return _addresses(self.mail_to)

    @property
    def page_addresses(self) -> list[str]:
        """Who gets the morning page."""
        return _addresses(self.page_to)


class SparkSettings(BaseModel):
    """Where `umlauf build --target spark` builds: a session of this machine, or a cluster."""

    model_config = ConfigDict(extra="forbid")

    connection: str | None = Field(
        None, description="Connection id of a cluster's Thrift server; default: a session here."
    )
    cores: int = Field(2, ge=1, description="Of a session.")
    memory: str = Field("3g", pattern=r"^\d+[mg]$", description="Heap of a session.")
    options: dict[str, str] = Field(
        default_factory=dict, description="Spark's own, as spark.master; they win over ours."
    )


def _addresses(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := part.strip())]
