"""Tables are as their stars declare them, in a new warehouse and in one that released migrations made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from infra.checkout import ROOT
from infra.local_aws.redshift.database.warehouse import Warehouse
from schemas.contract import Column
from schemas.types import BOOLEAN, INTEGER, ByteText
from tests.fixtures.warehouse import DirectRedshift
from warehouse import migrate as migrations
from warehouse.migrate import MigrationRefused, Step, migrate
from warehouse.stars import stars
from warehouse.table_changes import present_columns
from warehouse.tables import RUN_ID, Table

RELEASED = Path(__file__).parent / "released"
"""Migrations as they were released. The tree no longer has them, or has less of them since tables are declared."""
CHECKSUMS = json.loads((ROOT / "warehouse" / "released_checksums.json").read_text("utf-8"))
DECLARED = [table for star in stars() for table in star.declared_tables]
LOOSER = {
    "staging.ticketmaster_venue_markets": {"position"},
    "staging.ticketmaster_events": {"is_test", "is_archtics", "is_date_tba", "is_date_tbd", "is_time_tba"},
}
"""Columns that may be null in released tables, and can't be in declared ones."""


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[DirectRedshift]:
    """An empty warehouse."""
    with Warehouse(tmp_path) as server:
        session = DirectRedshift(server)
        yield session
        session.close()


def described(redshift: DirectRedshift, table: Table) -> list[tuple[Any, ...]]:
    """Names, types and nullability of a table's columns in the warehouse, those of staging in their order."""
    columns = [(name, column.type, column.nullable) for name, column in present_columns(redshift, table).items()]
    return columns if table.schema == "staging" else sorted(columns)


def released_steps(last: dict[str, str]) -> list[Step]:
    """The migrations as they were released, up to a file of each star."""
    files = {
        path.relative_to(folder).as_posix().replace("/migrations/", "/"): path.read_text("utf-8")
        for folder, pattern in ((ROOT / "warehouse", "*/migrations/*.sql"), (RELEASED, "*/*.sql"))
        for path in sorted(folder.glob(pattern))
    }
    names = sorted(files, key=lambda name: (not name.startswith("shared/"), name))
    steps = [Step(name.replace("/", "/migrations/"), "migration", files[name]) for name in names]
    kept = [step for step in steps if Path(step.name).name <= last.get(step.name.split("/")[0], "9999")]
    return [
        step for step in kept if step.name in CHECKSUMS or (RELEASED / step.name.replace("/migrations/", "/")).exists()
    ]


def released_checksum(step: Step) -> str:
    """The checksum that a file was released with: it included the comments, which may have changed since."""
    checksum = hashlib.sha256(step.text.encode()).hexdigest()
    released = CHECKSUMS.get(step.name, [checksum])
    return checksum if checksum in released else next(iter(released))


CURRENT = [step for step in migrations.steps() if step.kind in ("table", "migration", "comment")]
"""What makes tables and their comments today: the rest is made again whenever it changes."""


@pytest.mark.parametrize("table", DECLARED, ids=lambda table: table.full_name)
def test_a_new_warehouse_has_the_tables_as_declared(migrated_redshift: DirectRedshift, table: Table) -> None:
    declared = [(column.name, column.redshift_type, column.nullable) for column in table.columns]
    assert described(migrated_redshift, table) == (declared if table.schema == "staging" else sorted(declared))


@pytest.mark.parametrize(
    "last",
    [{}, {"tickit": "0003_facts.sql", "ticketmaster": "0006_event_summary.sql", "shared": "0006_roles.sql"}],
    ids=["the last release", "an older release"],
)
def test_a_warehouse_that_released_files_made_keeps_its_rows_and_gets_what_it_lacks(
    fresh: DirectRedshift, migrated_redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch, last: dict[str, str]
) -> None:
    monkeypatch.setattr(migrations, "steps", lambda: released_steps(last))
    assert len(migrate(fresh)) == len(released_steps(last))
    for step in released_steps(last):
        checksum = released_checksum(step)
        fresh.execute(f"UPDATE etl.schema_migrations SET checksum = '{checksum}' WHERE name = '{step.name}'")
    fresh.execute("INSERT INTO tickit.dim_user (user_id, likes_opera, row_hash) VALUES (7, TRUE, 'h')")
    fresh.execute("INSERT INTO ticketmaster.dim_market (market_id, name, first_seen_on, last_seen_on) "
                  "VALUES ('27', 'Chicago', '2026-11-20', '2026-11-20')")  # fmt: skip
    fresh.execute(
        "INSERT INTO staging.tickit_categories (run_id, observed_on, category_id, name, row_hash) "
        "VALUES ('tickit_load-2026-11-20', '2026-11-20', 9, 'Pop', 'h')"
    )
    queries = (
        "SELECT * FROM tickit.dim_user ORDER BY user_sk",
        "SELECT * FROM ticketmaster.dim_market ORDER BY market_sk",
        "SELECT * FROM staging.tickit_categories",
    )
    before = [fresh.execute(query) for query in queries]

    monkeypatch.setattr(migrations, "steps", lambda: CURRENT)
    migrate(fresh)

    assert [fresh.execute(query) for query in queries] == before
    assert migrate(fresh) == []
    for table in DECLARED:
        looser = LOOSER.get(table.full_name, set())
        expected = [
            (name, kind, nullable or name in looser) for name, kind, nullable in described(migrated_redshift, table)
        ]
        assert described(fresh, table) == expected, table.full_name


# --- a table whose declaration changes --------------------------------------------------------------------------------
COLUMNS = (
    Column("city", ByteText(30).column_type, description="City."),
    Column("seats", INTEGER, nullable=False, description="Seats."),
)


def scratch(*columns: Column, schema: str = "tickit") -> Table:
    return Table(schema, "scratch", (RUN_ID, *columns), "A table for tests.", sorted_by=("run_id",))


@pytest.fixture(scope="module")
def scratched(migrated_redshift: DirectRedshift) -> Iterator[DirectRedshift]:
    """The session's warehouse. Grants are due again whenever a table was made: they are given after the last test."""
    yield migrated_redshift
    migrate(migrated_redshift)


@pytest.fixture
def declare(scratched: DirectRedshift, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[str]]]:
    """Migrates to a declaration of the table; leaves nothing of it."""

    def migrated(table: Table, *upgrades: Step) -> list[str]:
        step = Step(f"test/{table.full_name}", "table", table.create(), table=table, due=upgrades)
        monkeypatch.setattr(migrations, "steps", lambda: [*upgrades, step])
        return migrate(scratched)

    yield migrated
    for schema in ("tickit", "staging"):
        scratched.execute(f"DROP TABLE IF EXISTS {schema}.scratch")
    scratched.execute("DELETE FROM etl.schema_migrations WHERE name LIKE 'test/%'")


def _rows(redshift: DirectRedshift, schema: str = "tickit") -> list[dict[str, Any]]:
    return redshift.execute(f"SELECT * FROM {schema}.scratch")


def _insert(redshift: DirectRedshift, schema: str = "tickit") -> None:
    redshift.execute(f"INSERT INTO {schema}.scratch (run_id, city, seats) VALUES ('r', 'Rome', 7)")


def test_a_new_column_is_added_to_a_table_that_has_rows(
    migrated_redshift: DirectRedshift, declare: Callable[..., list[str]]
) -> None:
    declare(scratch(*COLUMNS))
    _insert(migrated_redshift)
    wider = scratch(Column("is_open", BOOLEAN), *COLUMNS)
    assert declare(wider) == ["test/tickit.scratch"]
    assert _rows(migrated_redshift) == [{"run_id": "r", "city": "Rome", "seats": 7, "is_open": None}]
    assert declare(wider) == []


def test_other_words_in_a_declaration_change_nothing(declare: Callable[..., list[str]]) -> None:
    declare(scratch(*COLUMNS))
    assert declare(scratch(Column("city", COLUMNS[0].type, description="In other words."), COLUMNS[1])) == []


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (
            [Column("city", ByteText(40).column_type), COLUMNS[1]],
            r"tickit\.scratch\.city is VARCHAR\(30\) in the warehouse and declared as VARCHAR\(40\)",
        ),
        ([COLUMNS[1]], r"tickit\.scratch\.city is in the warehouse and no longer declared"),
        ([COLUMNS[0], Column("seats", INTEGER)], r"tickit\.scratch\.seats can't be null in the warehouse"),
        ([*COLUMNS, Column("rows", INTEGER, nullable=False)], r"lacks rows, .* only with a default"),
    ],
    ids=["retyped", "removed", "null", "required"],
)
def test_what_redshift_cannot_do_to_a_table_needs_a_migration(
    migrated_redshift: DirectRedshift, declare: Callable[..., list[str]], columns: Sequence[Column], reason: str
) -> None:
    declare(scratch(*COLUMNS))
    _insert(migrated_redshift)
    with pytest.raises(MigrationRefused, match=reason) as refusal:
        declare(scratch(*columns))
    assert "a migration that begins with '-- upgrades: tickit.scratch'" in str(refusal.value)
    assert _rows(migrated_redshift) == [{"run_id": "r", "city": "Rome", "seats": 7}]


@pytest.mark.parametrize(
    "columns",
    [[Column("is_open", BOOLEAN), *COLUMNS], [*reversed(COLUMNS)]],
    ids=["a column in the middle", "another order"],
)
def test_a_staging_table_keeps_its_order_because_copy_goes_by_position(
    migrated_redshift: DirectRedshift, declare: Callable[..., list[str]], columns: Sequence[Column]
) -> None:
    declare(scratch(*COLUMNS, schema="staging"))
    with pytest.raises(
        MigrationRefused, match=r"staging\.scratch .* COPY matches them by position: it has run_id, city, seats"
    ):
        declare(scratch(*columns, schema="staging"))
    declare(scratch(*COLUMNS, Column("is_open", BOOLEAN), schema="staging"))
    _insert(migrated_redshift, "staging")
    assert list(_rows(migrated_redshift, "staging")[0]) == ["run_id", "city", "seats", "is_open"]


WIDEN = Step(
    "test/migrations/0001_widen.sql",
    "migration",
    "-- upgrades: tickit.scratch\nALTER TABLE tickit.scratch ALTER COLUMN city TYPE VARCHAR(40);\n"
    "INSERT INTO tickit.scratch (run_id, seats) VALUES ('upgraded', 0);",
)


def test_a_migration_upgrades_a_table_that_is_there(
    migrated_redshift: DirectRedshift, declare: Callable[..., list[str]]
) -> None:
    declare(scratch(*COLUMNS))
    wider = scratch(Column("city", ByteText(40).column_type), COLUMNS[1])
    assert declare(wider, WIDEN) == [WIDEN.name, "test/tickit.scratch"]
    assert [row["run_id"] for row in _rows(migrated_redshift)] == ["upgraded"]
    assert declare(wider, WIDEN) == []


def test_a_table_that_is_made_as_declared_needs_no_upgrade(
    migrated_redshift: DirectRedshift, declare: Callable[..., list[str]]
) -> None:
    wider = scratch(Column("city", ByteText(40).column_type), COLUMNS[1])
    assert declare(wider, WIDEN) == ["test/tickit.scratch"]
    assert _rows(migrated_redshift) == []
    assert declare(wider, WIDEN) == []


def test_a_table_that_another_process_makes_meanwhile_needs_no_upgrade(
    migrated_redshift: DirectRedshift, declare: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    wider = scratch(Column("city", ByteText(40).column_type), COLUMNS[1])
    before = Step("test/procedures/sp_before.sql", "procedure", "SELECT 1")
    other = migrated_redshift.sibling()

    def make_table(name: str) -> None:
        if name == before.name:
            table = Step(f"test/{wider.full_name}", "table", wider.create(), table=wider, due=(WIDEN,))
            monkeypatch.setattr(migrations, "steps", lambda: [WIDEN, table])
            migrate(other)
            other.close()

    monkeypatch.setattr(migrations, "steps", lambda: [before, WIDEN])
    assert migrate(migrated_redshift, make_table) == [before.name]
    assert _rows(migrated_redshift) == []
