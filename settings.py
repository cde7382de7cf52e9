"""All settings of Boxoffice, read from the environment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the pipelines and of the local stack; each field is an environment variable of the same name.

    Raises:
        pydantic.ValidationError: the field of a variable doesn't accept its value.
    """

    model_config = SettingsConfigDict(env_prefix="BOXOFFICE_", extra="ignore", populate_by_name=True)

    home: Path = Field(Path(".boxoffice"), description="Folder of the local stack's state, logs and environment.")
    airflow_port: int = Field(8080, ge=1, le=65535, description="Port of Airflow's UI and API, on 127.0.0.1.")
    aws_port: int = Field(4566, ge=1, le=65535, description="Port of the local AWS, on 127.0.0.1.")
    warehouse_port: int = Field(
        5439, ge=1, le=65535, description="Port of the local warehouse, for Redshift's clients."
    )
    simulator_port: int = Field(8090, ge=1, le=65535, description="Port of the Discovery API simulator.")
    dashboards_port: int = Field(8088, ge=1, le=65535, description="Port of the dashboards in Superset, on 127.0.0.1.")
    dashboards_warehouse: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of the warehouse that the dashboards read, such as one in an account: "
        "redshift+redshift_connector://user:password@host:5439/dev. Unset: the local warehouse.",
    )
    allowed_hosts: str = Field(
        "",
        pattern=r"^[A-Za-z0-9._,-]*$",
        description="Host names, comma separated, of the stack's servers for clients, in addition to the loopback.",
    )
    simulated_events: int = Field(
        10_000, ge=1, description="Number of events that the simulator has on sale for a crawl."
    )
    simulated_tickit_scale: float = Field(
        1, ge=0.001, le=1000, description="Size of the generated TICKIT files: 1 is the size of the published ones."
    )
    simulated_tickit_seed: int = Field(7, description="Seed of the generated TICKIT files.")
    simulated_tickit_quirks: bool = Field(
        default=False,
        description="Generate TICKIT files with Amazon's flaws, such as cities of users that aren't in their states.",
    )
    today: date | None = Field(None, description="Pretend that today (UTC) is this date: for tests and demonstrations.")
    maintenance_schedule: str | None = Field(
        None, description="Schedule of warehouse_maintenance: cron, UTC. Unset: on Sundays at 08:00."
    )

    aws_account: str = Field(
        "123456789012", pattern=r"^[0-9]{12}$", description="Account id in the ARNs of roles and topics: 12 digits."
    )
    environment: str = Field("local", pattern=r"^[a-z][a-z0-9]{0,15}$", description="Suffix of resource names.")
    aws_endpoint_url: str | None = Field(
        None, validation_alias="AWS_ENDPOINT_URL", description="The local AWS. Unset: the real AWS."
    )

    ticketmaster_api_key: SecretStr | None = Field(
        None, validation_alias="TICKETMASTER_API_KEY", description="Key of the Discovery API. Unset: the simulator."
    )
    ticketmaster_api_url: str = Field(
        "https://app.ticketmaster.com/discovery/v2",
        validation_alias="TICKETMASTER_API_URL",
        description="Base URL of the Discovery API.",
    )
    ticketmaster_countries: str = Field(
        "US,CA",
        validation_alias="TICKETMASTER_COUNTRIES",
        pattern=r"^[A-Z]{2}(,[A-Z]{2})*$",
        description="ISO-3166 alpha-2 country codes to collect, comma separated.",
    )
    ticketmaster_horizon_days: int = Field(
        30, ge=1, le=730, validation_alias="TICKETMASTER_HORIZON_DAYS", description="Days from the run date to collect."
    )
    ticketmaster_requests_per_second: float = Field(
        5, gt=0, le=1000, validation_alias="TICKETMASTER_REQUESTS_PER_SECOND", description="Rate limit of the API key."
    )
    ticketmaster_daily_quota: int = Field(
        5000, ge=1, validation_alias="TICKETMASTER_DAILY_QUOTA", description="Requests per day with the API key."
    )
    ticketmaster_schedule: str | None = Field(
        None,
        validation_alias="TICKETMASTER_SCHEDULE",
        description="Schedule of ticketmaster_daily: cron, UTC. Unset: at 02:00.",
    )

    tickit_location: str = Field(
        "s3://redshift-downloads/tickit/",
        min_length=1,
        validation_alias="TICKIT_LOCATION",
        description="Location of the TICKIT files: a folder, file://, https:// or s3://. Unset: Amazon's own bucket.",
    )
    tickit_max_file_bytes: int = Field(
        64 * 2**30,
        ge=1,
        validation_alias="TICKIT_MAX_FILE_BYTES",
        description="The largest size of a file in bytes, unpacked.",
    )
    tickit_schedule: str | None = Field(
        None,
        validation_alias="TICKIT_SCHEDULE",
        description="Schedule of tickit_load: cron, UTC. Unset: at 03:00.",
    )
    tickit_settle_seconds: float | None = Field(
        None,
        ge=0,
        validation_alias="TICKIT_SETTLE_SECONDS",
        description="Seconds that a file of a folder or of the web must have been unchanged before it is read. "
        "Unset: 30.",
    )

    @field_validator("ticketmaster_countries", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.replace(" ", "").upper() if isinstance(value, str) else value

    @field_validator("ticketmaster_api_key", "aws_endpoint_url", "dashboards_warehouse", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("aws_account", mode="before")
    @classmethod
    def _empty_is_the_default(cls, value: object) -> object:
        return value or cls.model_fields["aws_account"].default

    @field_validator("ticketmaster_schedule", "tickit_schedule", "maintenance_schedule")
    @classmethod
    def _cron(cls, value: str | None) -> str | None:
        from croniter import croniter  # a Glue job has settings but no croniter, and it sets no schedule

        if value is not None and (len(value.split()) != 5 or not croniter.is_valid(value)):
            raise ValueError("a schedule is a cron expression of five fields, such as '0 2 * * *'")
        return value

    @field_validator("tickit_location")
    @classmethod
    def _whole_path(cls, value: str) -> str:
        return value if "://" in value else str(Path(value).expanduser().resolve())

    @classmethod
    def variable(cls, field: str) -> str:
        """The environment variable of a field, as users write it."""
        alias = cls.model_fields[field].validation_alias
        return alias if isinstance(alias, str) else f"{cls.model_config['env_prefix']}{field}".upper()

    @property
    def own_aws_urls(self) -> tuple[str, ...]:
        """URLs of the local AWS of a stack with these settings."""
        return tuple(f"http://{host}:{self.aws_port}" for host in ("127.0.0.1", "localhost"))

    @property
    def host_names(self) -> tuple[str, ...]:
        """Host names that clients may use for the stack's servers, in addition to those of the loopback."""
        return tuple(name for name in self.allowed_hosts.lower().split(",") if name)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries to collect, as ISO-3166 alpha-2 codes."""
        return tuple(self.ticketmaster_countries.split(","))

    def of_source(self, source: str, name: str) -> Any:
        """A source's own setting, the field `<source>_<name>`; None if the field doesn't exist."""
        return getattr(self, f"{source}_{name}", None)

    def current_date(self) -> date:
        """Today in UTC, or the date that `BOXOFFICE_TODAY` pretends it is."""
        return self.today or datetime.now(UTC).date()

    def horizon(self, business_date: date, days: int | None = None) -> tuple[datetime, datetime]:
        """The observation window `[date 00:00Z, date + horizon days)` of a business date, both UTC."""
        start = datetime(business_date.year, business_date.month, business_date.day, tzinfo=UTC)
        return start, start + timedelta(days=days or self.ticketmaster_horizon_days)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process's settings, read from the environment once."""
    return Settings()
