"""`./boxoffice login`: an analyst's tool reads the marts through the warehouse's port, and no personal data."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from typer.testing import CliRunner, Result

from aws_services import resources
from aws_services.redshift_data import RedshiftData
from infra.launcher.app import app
from infra.local_aws import LocalAws
from warehouse.migrate import migrate

pytestmark = pytest.mark.service


@pytest.fixture
def login(
    provisioned_aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Result]]:
    """The command on a stack whose AWS and warehouse are the tests' own, with an empty star."""
    migrate(RedshiftData())
    environment = dict(os.environ)
    monkeypatch.setattr("infra.launcher.commands.access.require_warehouse", lambda stack: None)
    os.environ["BOXOFFICE_HOME"] = str(tmp_path)
    os.environ["BOXOFFICE_AWS_PORT"] = str(urlsplit(provisioned_aws.url).port)
    os.environ["BOXOFFICE_WAREHOUSE_PORT"] = str(urlsplit(provisioned_aws.warehouse_dsn).port)
    yield lambda *arguments: CliRunner().invoke(app, ["login", *arguments])
    os.environ.clear()
    os.environ.update(environment)


@pytest.fixture
def analyst(login: Callable[..., Result]) -> Iterator[psycopg.Connection]:
    """A session with the login that the command gives."""
    with psycopg.connect(_given(login())["url"], autocommit=True) as connection:
        yield connection


def _given(done: Result) -> dict[str, Any]:
    """The printed fields, by name."""
    assert done.exit_code == 0, done.output
    lines = [line.partition("  ") for line in done.stdout.splitlines()]
    return {name: value.strip() for name, _, value in lines}


def test_an_analyst_reads_the_marts_and_no_personal_data(analyst: psycopg.Connection) -> None:
    for mart in ("tickit.v_users_masked", "tickit.mv_sales_by_month"):  # another test may have filled them
        assert analyst.execute(f"SELECT COUNT(*) >= 0 FROM {mart}").fetchone() == (True,)
    for personal in ("tickit.user_contacts", "staging.tickit_users"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            analyst.execute(f"SELECT * FROM {personal}")


@pytest.mark.parametrize(
    "escape",
    [
        "SET SESSION AUTHORIZATION DEFAULT",
        "RESET SESSION AUTHORIZATION",
        "RESET ALL",
        "SET SESSION AUTHORIZATION awsuser",
    ],
)
def test_an_analyst_stays_one(analyst: psycopg.Connection, escape: str) -> None:
    try:
        analyst.execute(escape)
    except psycopg.errors.InsufficientPrivilege:
        assert escape.endswith("awsuser")
    assert analyst.execute("SELECT CURRENT_USER").fetchone() == (f"iamr:{resources.ANALYST_ROLE}",)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        analyst.execute("SELECT * FROM tickit.user_contacts")


def test_the_password_is_in_a_private_file_only(login: Callable[..., Result], tmp_path: Path) -> None:
    done = login("--json")
    printed = json.loads(done.stdout)
    path = Path(printed["password_file"])
    password = path.read_text().splitlines()[0].rpartition(":")[2]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.is_relative_to(tmp_path)
    assert len(password) >= 32
    assert password not in done.output
    assert printed["user"] == f"IAMR:{resources.ANALYST_ROLE}"
    assert printed["expires_at"].endswith("+00:00")


def test_another_actor_gets_its_own_login(login: Callable[..., Result]) -> None:
    with psycopg.connect(_given(login("--as", "extractor"))["url"], autocommit=True) as connection:
        assert connection.execute("SELECT CURRENT_USER").fetchone() == (f"iamr:{resources.EXTRACTOR_ROLE}",)


def test_in_an_account_the_accounts_own_credentials_log_in(
    login: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://redshift.us-east-1.amazonaws.com")
    done = login()
    assert done.exit_code == 2
    assert "the account's own credentials" in done.stderr
