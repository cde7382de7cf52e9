"""Access to the warehouse: analysts read marts, facts and masked views; `etl` writes; others have no access."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from aws_services import resources
from aws_services.errors import StatementFailed
from infra.checks import marts
from infra.checks.dictionary import is_for_analysts
from infra.checks.warehouse_tables import warehouse_tables
from schemas.tickit.rows import UserContactRow
from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import Day, load
from tests.warehouse.tickit import files
from warehouse.access import OWNER
from warehouse.maintenance import tables
from warehouse.migrate import migrate
from warehouse.refresh import materialized_views, refresh
from warehouse.stars import star_of, stars

D1 = date(2026, 11, 20)
DAY = Day(D1, [{"event_id": "E1", "venue_id": "V1"}], [{"venue_id": "V1", "name": "Hall"}])
JOB, ANALYST = f"IAMR:{resources.JOB_ROLE}", f"IAMR:{resources.ANALYST_ROLE}"
STRANGER = "iamr:a-stranger"
As = Callable[[str], DirectRedshift]


@pytest.fixture
def as_user(redshift: DirectRedshift) -> Iterator[As]:
    """Sessions of users, on a warehouse without any loaded data."""
    opened: list[DirectRedshift] = []

    def open_session(user: str) -> DirectRedshift:
        opened.append(redshift.sibling(user))
        return opened[-1]

    yield open_session
    for session in opened:
        session.close()


@pytest.fixture
def stranger(redshift: DirectRedshift) -> Iterator[str]:
    """An IAM user without any grants."""
    redshift.execute(f'CREATE USER "{STRANGER}" PASSWORD DISABLE')
    yield STRANGER
    redshift.execute(f'DROP USER "{STRANGER}"')


def denied(session: DirectRedshift, statement: str) -> bool:
    """Whether a statement is refused for want of a privilege; any other failure is one of the test."""
    try:
        session.execute(statement)
    except StatementFailed as refused:
        assert "permission denied" in str(refused) or "must be" in str(refused), refused
        return True
    return False


def relations(redshift: DirectRedshift) -> list[str]:
    """All there is to read: tables and views of the stars and of what they share."""
    names = ("common", "etl", "operations", "staging", *(star.name for star in stars()))
    schemas = ", ".join(f"'{name}'" for name in names)
    rows = redshift.execute(
        "SELECT n.nspname AS schema_name, c.relname AS name FROM pg_class AS c "
        f"INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid WHERE n.nspname IN ({schemas}) "
        "AND c.relkind IN ('r', 'v', 'm') ORDER BY 1, 2"
    )
    return [f"{row['schema_name']}.{row['name']}" for row in rows]


def readable(redshift: DirectRedshift, session: DirectRedshift) -> set[str]:
    return {name for name in relations(redshift) if not denied(session, f"SELECT COUNT(*) AS n FROM {name}")}


# -- analysts


def test_analysts_read_what_is_made_for_them_and_nothing_else(redshift: DirectRedshift, as_user: As) -> None:
    names = readable(redshift, as_user(ANALYST))

    assert names == {table.full_name for table in warehouse_tables().values() if is_for_analysts(table)}
    assert {"tickit.fact_sales", "tickit.v_users_masked", "ticketmaster.mv_venue_activity", "common.dim_date"} <= names
    assert not [name for name in names if name.startswith(("etl.", "staging.")) or name.endswith("user_contacts")]


def test_analysts_read_every_mart_and_none_has_personal_data(redshift: DirectRedshift, as_user: As) -> None:
    """Only the masked view has columns of such names."""
    released = marts.read(marts.PATH)
    assert set(released) <= readable(redshift, as_user(ANALYST))

    personal = {column.name for column in UserContactRow.columns() if "Personal data" in column.description}
    assert {"email", "phone"} <= personal
    assert {name for name, mart in released.items() if personal & mart.columns.keys()} == {"tickit.v_users_masked"}


def test_analysts_see_persons_masked(redshift: DirectRedshift, as_user: As) -> None:
    files.load(redshift, files.Files(D1))
    analyst = as_user(ANALYST)

    assert denied(analyst, "SELECT email FROM tickit.user_contacts")
    seen = analyst.execute("SELECT DISTINCT email FROM tickit.v_users_masked WHERE email IS NOT NULL")
    assert [row["email"] for row in seen] == ["*****"]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO tickit.dim_category (category_id, row_hash) VALUES (1, 'x')",
        "UPDATE tickit.fact_sales SET price_paid = 0",
        "DELETE FROM ticketmaster.fact_events",
        "CREATE TABLE tickit.mine (a INTEGER)",
        "DROP TABLE tickit.fact_sales",
        "REFRESH MATERIALIZED VIEW tickit.mv_sellers",
        "CALL etl.sp_mark_published(CAST('x' AS VARCHAR(128)), CAST(1 AS BIGINT))",
        "GRANT SELECT ON TABLE tickit.user_contacts TO ROLE data_analysts",
        "GRANT ROLE etl TO ROLE data_analysts",
        "CREATE USER friend PASSWORD DISABLE",
    ],
)
def test_analysts_change_nothing(as_user: As, statement: str) -> None:
    assert denied(as_user(ANALYST), statement)


# -- etl


def test_the_extractor_loads_refreshes_and_keeps_in_order(redshift: DirectRedshift, as_user: As) -> None:
    """All that a day and the weekly maintenance do in the warehouse."""
    etl = as_user(OWNER)
    for run_id, pipeline in (
        (load(etl, DAY), "ticketmaster_daily"),
        (files.load(etl, files.Files(D1)), files.PIPELINE),
    ):
        refreshed = refresh(etl, pipeline, run_id)
        assert set(materialized_views(star_of(pipeline))) <= set(refreshed)

    assert as_user(ANALYST).execute("SELECT COUNT(*) AS n FROM ticketmaster.fact_events") == [{"n": 1}]
    for table in tables(redshift):
        etl.execute(f"ANALYZE {table}")


def test_a_glue_job_replaces_staged_rows_but_owns_no_product(as_user: As) -> None:
    job = as_user(JOB)
    job.batch(["LOCK staging.tickit_sales", "DELETE FROM staging.tickit_sales WHERE run_id = 'x'"])

    assert denied(job, "REFRESH MATERIALIZED VIEW tickit.mv_sellers")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE tickit.fact_sales",
        "ALTER TABLE tickit.fact_sales ADD COLUMN more INTEGER",
        "CREATE TABLE tickit.mine (a INTEGER)",
        "CREATE SCHEMA mine",
        "DELETE FROM etl.schema_migrations",
        "CREATE USER friend PASSWORD DISABLE",
        "GRANT ROLE data_analysts TO ROLE etl",
    ],
)
def test_etl_makes_and_drops_nothing_and_lets_nobody_in(as_user: As, statement: str) -> None:
    assert denied(as_user(OWNER), statement)


# -- everybody else


def test_who_was_granted_nothing_sees_nothing(redshift: DirectRedshift, as_user: As, stranger: str) -> None:
    assert readable(redshift, as_user(stranger)) == set()


def test_nobody_sees_what_others_asked(redshift: DirectRedshift, as_user: As, stranger: str) -> None:
    for name in ("sys_query_history", "stl_load_errors"):
        assert as_user(stranger).execute(f"SELECT COUNT(*) AS n FROM {name}") == [{"n": 0}]


def test_what_is_made_anew_gets_its_privileges_back(redshift: DirectRedshift, as_user: As) -> None:
    redshift.execute("DELETE FROM etl.schema_migrations WHERE name = 'tickit/products/60_mv_sellers.sql'")

    applied = migrate(redshift)  # type: ignore[arg-type]
    assert "tickit/products/60_mv_sellers.sql" in applied
    assert "tickit/grants/20_data_analysts.sql" in applied
    assert not denied(as_user(ANALYST), "SELECT COUNT(*) AS n FROM tickit.mv_sellers")
    assert not denied(as_user(OWNER), "REFRESH MATERIALIZED VIEW tickit.mv_sellers")
