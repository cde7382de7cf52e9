"""The catalog describes every table and column to its readers, such as BI tools."""

from __future__ import annotations

import re

import pytest

from tests.fixtures.warehouse import DirectRedshift
from warehouse.migrate import migrate
from warehouse.stars import packages, sql_files, stars

READABLE = sorted(
    name
    for package in packages()
    for file in sql_files(package, "grants")
    for name in re.findall(r"GRANT SELECT ON TABLE (\S+) TO ROLE data_analysts", file.text)
)


def described(redshift: DirectRedshift, name: str) -> dict[str, str | None]:
    """The catalog's descriptions of a table or view (under its own name) and of its columns."""
    schema, relation = name.split(".")
    of_tables = redshift.execute(
        "SELECT table_name AS name, remarks FROM svv_tables WHERE table_schema = :schema AND table_name = :relation",
        {"schema": schema, "relation": relation},
    )
    of_columns = redshift.execute(
        "SELECT column_name AS name, remarks FROM svv_columns WHERE table_schema = :schema AND table_name = :relation",
        {"schema": schema, "relation": relation},
    )
    return {row["name"]: row["remarks"] for row in (*of_tables, *of_columns)}


def test_what_analysts_may_read_is_more_than_a_few() -> None:
    assert len(READABLE) >= 25
    assert {"ticketmaster.v_events", "ticketmaster.mv_venue_activity", "tickit.v_users_masked"} < set(READABLE)


@pytest.mark.parametrize("name", READABLE)
def test_every_column_that_analysts_may_read_is_described_in_the_catalog(
    migrated_redshift: DirectRedshift, name: str
) -> None:
    words = described(migrated_redshift, name)
    assert name.partition(".")[2] in words
    assert len(words) >= 4
    assert [column for column, text in words.items() if not text] == []


def test_schemas_are_described(migrated_redshift: DirectRedshift) -> None:
    rows = migrated_redshift.execute(
        "SELECT n.nspname AS name, d.description FROM pg_namespace AS n LEFT JOIN pg_description AS d "
        "ON n.oid = d.objoid AND d.objsubid = 0 "
        "WHERE n.nspname IN ('common', 'etl', 'operations', 'staging', "
        f"{', '.join(repr(star.name) for star in stars())})"
    )
    assert len(rows) == 4 + len(stars())
    assert [row["name"] for row in rows if not row["description"]] == []


@pytest.mark.parametrize("view", ["10_v_events", "40_mv_monthly_summary"])
def test_a_view_that_is_made_again_is_described_again(migrated_redshift: DirectRedshift, view: str) -> None:
    name = f"ticketmaster.{view.split('_', 1)[1]}"
    before = described(migrated_redshift, name)
    migrated_redshift.execute(
        "DELETE FROM etl.schema_migrations WHERE name = :name", {"name": f"ticketmaster/products/{view}.sql"}
    )
    steps = migrate(migrated_redshift)  # type: ignore[arg-type]

    assert steps[:2] == [f"ticketmaster/products/{view}.sql", f"ticketmaster/descriptions/{view}.sql"]
    assert described(migrated_redshift, name) == before
