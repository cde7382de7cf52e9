"""Lint of the warehouse's SQL: what the local AWS refuses, what we do not write, and where."""

from __future__ import annotations

import pytest

from infra.checkout import ROOT
from infra.checks import redshift_sql, warehouse_sql


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FILTER (WHERE a) FROM t",
        "SELECT DISTINCT ON (a) a FROM t",
        "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING",
        "DELETE FROM t RETURNING a",
        "SELECT string_agg(a, ',') FROM t",
        "SELECT * FROM generate_series(1, 2)",
        "CREATE INDEX i ON t (a)",
        "SELECT ARRAY[1]",
        "SELECT UNNEST(a) FROM t",
        "SELECT a::DATE FROM t",
        "CREATE TABLE t (a TEXT)",
        "CREATE TABLE t (a JSONB)",
        "CREATE TABLE t (a SERIAL)",
        "CREATE TABLE t (a UUID)",
        "CREATE TABLE t (a INTEGER[])",
        "SELECT * FROM t, LATERAL (SELECT 1)",
        "SELECT a IS DISTINCT FROM b FROM t",
        "SELECT a IS NOT DISTINCT FROM b FROM t",
        "CREATE PROCEDURE p() AS $$ BEGIN x; EXCEPTION WHEN OTHERS THEN y; END; $$ LANGUAGE plpgsql",
        "CREATE PROCEDURE p() AS $$ BEGIN FOR r IN SELECT 1 LOOP END LOOP; END; $$ LANGUAGE plpgsql",
        "CREATE PROCEDURE p() AS $$ BEGIN COMMIT; END; $$ LANGUAGE plpgsql",
        "CREATE PROCEDURE p() AS $$ BEGIN TRUNCATE t; END; $$ LANGUAGE plpgsql",
        "TRUNCATE t",
        "COMMIT",
        "SAVEPOINT s",
        "CREATE SEQUENCE s",
        "CREATE TRIGGER s",
        "CREATE OR REPLACE MATERIALIZED VIEW v AS SELECT 1",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "MERGE INTO t USING (SELECT 1) AS s ON t.a = s.a",
        "SELECT now()",
        "SELECT CURRENT_TIMESTAMP",
        "SELECT 'not closed",
        "SELECT no_such_function(a) FROM t",
    ],
)
def test_what_must_not_be_written_is_found_with_its_reason(sql: str) -> None:
    findings = redshift_sql.check("some.sql", f"-- first line\n{sql}")

    assert findings
    assert all(finding.reason for finding in findings)


PROCEDURE = """-- a procedure
CREATE OR REPLACE PROCEDURE acme.sp_load(p_day DATE)
AS $$
DECLARE
    v_rows BIGINT;
BEGIN
    -- one row too many
    DELETE FROM acme.t WHERE day = p_day;
    IF v_rows > 0 THEN
        INSERT INTO acme.t (day) SELECT p_day
        RETURNING day;
    END IF;
END;
$$ LANGUAGE plpgsql;
"""


def test_a_refusal_inside_a_procedure_names_the_line_of_the_statement() -> None:
    (finding,) = redshift_sql.check("acme/procedures/sp_load.sql", PROCEDURE)

    assert str(finding).startswith("acme/procedures/sp_load.sql:10: 'INSERT INTO acme.t")
    assert "RETURNING" in finding.reason


def test_a_declaration_that_redshift_refuses_is_found_in_its_line() -> None:
    (finding,) = redshift_sql.check(
        "p.sql", PROCEDURE.replace("v_rows BIGINT", "v_rows JSONB").replace("RETURNING day", "")
    )

    assert (finding.line, finding.text) == (5, "v_rows JSONB;")


def test_a_finding_names_the_line() -> None:
    (finding,) = redshift_sql.check("some.sql", "SELECT 1;\n\nTRUNCATE t;")

    assert str(finding).startswith("some.sql:3: 'TRUNCATE t;'")


def test_idioms_in_comments_and_strings_are_left_alone() -> None:
    assert redshift_sql.check("some.sql", "-- RETURNING\nSELECT 'ON CONFLICT' AS a, \"TEXT\" FROM t -- TRUNCATE") == []


def test_every_kind_of_sql_is_read() -> None:
    paths = [source.path for source in warehouse_sql.everything()]

    for folder in ("migrations", "procedures", "products", "quality", "comments", "grants"):
        assert any(f"/{folder}/" in path and path.endswith(".sql") for path in paths), folder
    for step in ("quality", "descriptions/", "grants/users", "dimensions/", "external/"):
        assert any(f"/{step}" in path and path.endswith("(generated)") for path in paths), step


def test_no_sql_file_is_left_out_but_templates() -> None:
    shown = {source.path for source in warehouse_sql.everything()}
    left_out = {str(path.relative_to(ROOT)) for path in (ROOT / "warehouse").rglob("*.sql")} - shown
    unread = {
        path
        for path in left_out
        if not path.startswith("warehouse/shared/") and f"{path.removeprefix('warehouse/')} (generated)" not in shown
    }

    assert unread == set()


def test_nothing_generated_has_a_template_mark_left() -> None:
    assert [source.path for source in warehouse_sql.everything() if "{" in source.text] == []
