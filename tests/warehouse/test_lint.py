"""The SQL is Redshift's: sqlfluff can read all of it, and no PostgreSQL idiom is in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlfluff.core import FluffConfig, Linter

import warehouse
from warehouse import lint
from warehouse.generated import generated_steps, main
from warehouse.migrate import Step

ROOT = Path(warehouse.__file__).parent


def test_no_postgresql_idiom_is_used() -> None:
    assert [str(finding) for finding in (*lint.check_tree(ROOT), *lint.check_generated())] == []


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
        "SELECT a::DATE FROM t",
        "CREATE TABLE t (a TEXT)",
        "SELECT * FROM t, LATERAL (SELECT 1)",
        "SELECT a IS DISTINCT FROM b FROM t",
        "CREATE PROCEDURE p() AS $$ BEGIN EXECUTE 'x'; END; $$ LANGUAGE plpgsql",
        "CREATE PROCEDURE p() AS $$ BEGIN x; EXCEPTION WHEN OTHERS THEN y; END; $$ LANGUAGE plpgsql",
        "CREATE PROCEDURE p() AS $$ BEGIN FOR r IN SELECT 1 LOOP END LOOP; END; $$ LANGUAGE plpgsql",
        "TRUNCATE t",
        "MERGE INTO t USING (SELECT 1) AS s ON t.a = s.a",
        "SELECT now()",
        "SELECT 'not closed",
    ],
)
def test_each_idiom_is_refused_with_what_to_do_instead(sql: str) -> None:
    findings = lint.check("some.sql", f"-- first line\n{sql}")

    assert findings
    assert all(finding.reason for finding in findings)


def test_idioms_in_comments_and_strings_are_left_alone() -> None:
    assert lint.check("some.sql", "-- RETURNING\nSELECT 'ON CONFLICT', \"TEXT\" FROM t") == []


def test_a_finding_names_the_line() -> None:
    (finding,) = lint.check("some.sql", "SELECT 1;\n\nTRUNCATE t;")
    assert str(finding).startswith("some.sql:3: 'TRUNCATE'")


def test_sqlfluff_reads_all_of_it_as_redshift() -> None:
    config = FluffConfig.from_path(str(ROOT))
    result = Linter(config=config).lint_paths((str(ROOT),))
    files = [file for path in result.paths for file in path.files]
    violations = [
        f"{Path(file.path).relative_to(ROOT)}:{fault.line_no}: {fault.rule_code()} {fault.desc()}"
        for file in files
        for fault in file.get_violations()
    ]
    assert violations == []
    assert len(files) > 60


@pytest.mark.parametrize(
    "step", [step for step in generated_steps() if step.kind in ("procedure", "product")], ids=lambda step: step.name
)
def test_sqlfluff_can_read_what_templates_give(step: Step) -> None:
    """Layout is that of the template; what counts is that it is Redshift's SQL, with every name filled in."""
    made = Linter(config=FluffConfig.from_path(str(ROOT))).lint_string(step.text)

    assert [str(fault) for fault in made.get_violations(rules="PRS")] == []
    assert "{" not in step.text
    assert lint.check(step.name, step.text) == []


def test_what_is_generated_for_a_star_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    main(["tickit"])

    printed = capsys.readouterr().out
    assert "CREATE OR REPLACE PROCEDURE tickit.sp_merge_fact_sales(" in printed
    assert "'sale_users_known'" in printed
    assert "ticketmaster" not in printed
