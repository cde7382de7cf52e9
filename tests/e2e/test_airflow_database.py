"""Airflow's migrations: once, and again only when Airflow or its tables are others than then."""

from __future__ import annotations

import pytest

from infra.stack import airflow_database
from tests.fixtures.stack import Pipelines

pytestmark = pytest.mark.e2e


def test_a_migrated_database_is_known_as_such(pipelines: Pipelines) -> None:
    assert pipelines.database.is_migrated()


def test_another_airflow_migrates_again(pipelines: Pipelines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow_database, "version", lambda package: "99.0")
    assert not pipelines.database.is_migrated()


def test_tables_that_were_taken_back_to_an_earlier_revision_are_migrated_again(pipelines: Pipelines) -> None:
    with pipelines.database.connect() as connection:
        (now,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ()
        connection.execute("UPDATE alembic_version SET version_num = 'an earlier one'")
        try:
            assert not pipelines.database.is_migrated()
        finally:
            connection.execute("UPDATE alembic_version SET version_num = %s", (now,))
    assert pipelines.database.is_migrated()
