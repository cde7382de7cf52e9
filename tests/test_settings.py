"""Settings: defaults, limits, and that they stand below everything else."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from infra.simulators.tickit.files import DEFAULT_SEED
from settings import Settings
from sources.files import Limits
from sources.tickit import PUBLISHED_AT

ROOT = Path(__file__).resolve().parents[1]
OURS = {"aws_services", "dags", "dashboards", "glue_jobs", "infra", "lake", "schemas", "sources", "warehouse"}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for field, info in Settings.model_fields.items():
        monkeypatch.delenv(f"BOXOFFICE_{field}".upper(), raising=False)
        if isinstance(info.validation_alias, str):
            monkeypatch.delenv(info.validation_alias, raising=False)


def test_the_documented_defaults() -> None:
    settings = Settings()
    assert settings.countries == ("US", "CA")
    assert settings.ticketmaster_api_url == "https://app.ticketmaster.com/discovery/v2"
    assert settings.ticketmaster_horizon_days == 30
    assert settings.ticketmaster_requests_per_second == 5
    assert settings.ticketmaster_daily_quota == 5000
    assert settings.simulated_events == 10_000


def test_the_defaults_are_those_of_the_modules_that_they_are_handed_to() -> None:
    settings = Settings()
    assert settings.tickit_location == PUBLISHED_AT
    assert settings.tickit_max_file_bytes == Limits().bytes
    assert settings.simulated_tickit_seed == DEFAULT_SEED


def test_the_observation_window_is_whole_days_in_utc() -> None:
    start, end = Settings().horizon(date(2026, 11, 20))
    assert start == datetime(2026, 11, 20, tzinfo=UTC)
    assert end == datetime(2026, 12, 20, tzinfo=UTC)


def test_an_empty_key_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKETMASTER_API_KEY", "")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "")
    assert Settings().ticketmaster_api_key is None
    assert Settings().aws_endpoint_url is None


def test_each_field_is_named_as_users_write_it() -> None:
    assert Settings.variable("airflow_port") == "BOXOFFICE_AIRFLOW_PORT"
    assert Settings.variable("tickit_location") == "TICKIT_LOCATION"


@pytest.mark.parametrize(("setting", "countries"), [("us", ("US",)), ("us, ca ,mx", ("US", "CA", "MX"))])
def test_countries_are_normalised(monkeypatch: pytest.MonkeyPatch, setting: str, countries: tuple[str, ...]) -> None:
    monkeypatch.setenv("TICKETMASTER_COUNTRIES", setting)
    assert Settings().countries == countries


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TICKETMASTER_COUNTRIES", "USA"),
        ("TICKETMASTER_HORIZON_DAYS", "0"),
        ("TICKETMASTER_REQUESTS_PER_SECOND", "0"),
        ("BOXOFFICE_AIRFLOW_PORT", "70000"),
        ("BOXOFFICE_AWS_ACCOUNT", "12345678901"),
        ("BOXOFFICE_AWS_ACCOUNT", "1234-5678-9012"),
        ("BOXOFFICE_TODAY", "yesterday"),
        ("BOXOFFICE_SIMULATED_TICKIT_SCALE", "0.00001"),
        ("TICKIT_LOCATION", ""),
        ("TICKIT_MAX_FILE_BYTES", "0"),
        ("TICKIT_SCHEDULE", "at three"),
        ("TICKETMASTER_SCHEDULE", "0 0 2 * * *"),
        ("BOXOFFICE_MAINTENANCE_SCHEDULE", "0 25 * * *"),
    ],
)
def test_values_that_cannot_work_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_the_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKETMASTER_API_KEY", "canary-key")
    assert "canary-key" not in repr(Settings())


def test_every_setting_is_on_the_page_of_settings() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    for field, info in Settings.model_fields.items():
        name = info.validation_alias if isinstance(info.validation_alias, str) else f"BOXOFFICE_{field}".upper()
        assert f"`{name}`" in page, name


@pytest.mark.parametrize("module", ["settings.py", "same_origin.py"])
def test_a_module_below_everything_else_imports_nothing_of_ours(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text())
    imported = {
        node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    imported |= {
        name.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert not imported & OURS


def test_the_locks_cover_what_they_are_made_from() -> None:
    for name in ("requirements", "requirements-dev"):
        required = {
            line.split("#")[0].split("==")[0].split("[")[0].strip()
            for line in (ROOT / f"{name}.in").read_text().splitlines()
            if line and not line.startswith(("#", "-"))
        }
        locked = {line.split("==")[0] for line in (ROOT / f"{name}.txt").read_text().splitlines() if "==" in line}
        assert required - {""} <= locked, required - locked
