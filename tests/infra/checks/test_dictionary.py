"""The data dictionary agrees with the contracts and the SQL, has every column, and matches the warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlglot import exp

from infra.checks import dictionary
from infra.checks.warehouse_tables import warehouse_tables
from tests.fixtures.warehouse import DirectRedshift
from warehouse.catalog import Table
from warehouse.migrate import steps
from warehouse.stars import stars


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return warehouse_tables()


def test_the_files_are_up_to_date() -> None:
    assert dictionary.main([]) == 0, f"run: {dictionary.COMMAND}"


def test_a_view_is_described_in_the_catalog_by_the_words_of_the_dictionary(tables: dict[str, Table]) -> None:
    (text,) = (step.text for step in steps() if step.name == "ticketmaster/descriptions/10_v_events.sql")
    assert "COMMENT ON VIEW ticketmaster.v_events\nIS 'One row per event with names" in text
    meaning = "Whether a later day, before the event''s own, should have shown it and did not"
    assert f"COMMENT ON COLUMN ticketmaster.v_events.is_withdrawn\nIS '{meaning}';" in text
    assert text.count("COMMENT ON") == 1 + len(tables["ticketmaster.v_events"].columns)


def test_every_column_that_analysts_see_has_a_meaning(tables: dict[str, Table]) -> None:
    seen = [table for table in tables.values() if dictionary.is_for_analysts(table)]
    assert len(seen) >= 17
    without = [table.full_name for table in seen if not table.meaning]
    without += [
        f"{table.full_name}.{column.name}" for table in seen for column in table.columns.values() if not column.meaning
    ]
    assert without == [], (
        "give them a COMMENT ON in warehouse/<star>/comments, or a line in the head of the view's file"
    )


def test_every_curated_column_has_a_meaning() -> None:
    from schemas.registry import get_source, source_names

    rows = [row for name in source_names() for row in get_source(name).tables.values()]
    assert [row.table for row in rows if not row.description] == []
    assert [f"{row.table}.{column.name}" for row in rows for column in row.columns() if not column.description] == []


def test_tables_columns_and_types_are_those_of_the_warehouse(
    tables: dict[str, Table], migrated_redshift: DirectRedshift
) -> None:
    schemas = ", ".join(f"'{name}'" for name in ("common", "etl", "operations", *(star.name for star in stars())))
    rows = migrated_redshift.execute(
        "SELECT table_schema, table_name, column_name, data_type FROM svv_columns "
        f"WHERE table_schema IN ({schemas}) ORDER BY ordinal_position"
    )
    there: dict[str, dict[str, str]] = {}
    for row in rows:
        columns = there.setdefault(f"{row['table_schema']}.{row['table_name']}", {})
        columns[row["column_name"]] = _type(row["data_type"], "postgres")
    documented = {
        name: {column.name: _type(column.type, "redshift") for column in table.columns.values()}
        for name, table in tables.items()
        if table.schema != "staging"
    }
    internal = {"etl.schema_migrations", "ticketmaster.v_venue_ranges", "ticketmaster.v_attraction_ranges"}
    assert {name: columns for name, columns in there.items() if name not in internal} == documented


def _type(text: str, dialect: str) -> str:
    return exp.DataType.build(text, dialect=dialect).this.name


def test_a_table_leads_to_what_it_refers_to() -> None:
    text = dictionary.render()
    assert "→ [ticketmaster.dim_venue](#ticketmasterdim_venue)" in text
    headings = {dictionary._anchor(line.removeprefix("#### ")) for line in text.splitlines() if line.startswith("####")}
    links = {part.split(")")[0] for part in text.split("](#")[1:]}
    assert links <= headings


def test_it_says_when_the_file_is_out_of_date(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dictionary, "PATH", tmp_path / "data-dictionary.md")
    assert dictionary.main([]) == 1
    assert "out of date: python -m infra.checks.dictionary --write" in capsys.readouterr().err
    assert dictionary.main(["--write"]) == 0
    assert dictionary.main([]) == 0

    (tmp_path / "data-dictionary.md").write_text("edited by hand", "utf-8")
    assert dictionary.main([]) == 1
