"""Catalog queries: what the leader node's SQL may hold, and what it may not be mixed with."""

from __future__ import annotations

import pytest

from infra.local_aws.redshift import RefusedByRedshift, UnsupportedStatement
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.translator import catalog

from .conftest import Rows


def test_an_alias_of_the_select_list_can_stand_in_where(shop: str, rows: Rows) -> None:
    names = rows("SELECT n.nspname AS schema, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                 f" WHERE 1 AND schema = '{shop}' AND relkind = 'r' ORDER BY relname")  # fmt: skip
    assert names == [(shop, "customers"), (shop, "orders")]


def test_a_column_comes_before_an_alias(shop: str, rows: Rows) -> None:
    same = rows("SELECT 'x' AS relname, relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                f" WHERE relname = 'orders' AND nspname = '{shop}'")  # fmt: skip
    assert same == [("x", "r")]


@pytest.mark.parametrize(
    ("literal", "value"),
    [(r"'a\\b'", "a\\b"), (r"'o\'x'", "o'x"), ("'o''x'", "o'x"), (r"'\\'", "\\"), ("'$$ %s :p é'", "$$ %s :p é")],
)
def test_literals_keep_their_value(rows: Rows, literal: str, value: str) -> None:
    assert rows(f"SELECT {literal} FROM pg_namespace WHERE nspname = 'public'") == [(value,)]


def test_a_pattern_may_escape_by_backslash(rows: Rows) -> None:
    names = rows(r"SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pg\\_cat%'")
    assert names == [("pg_catalog",)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT current_database AS x FROM current_database()", "dev"),
        ("SELECT CASE -4 WHEN -4THEN 'glued' END FROM pg_namespace WHERE nspname = 'public'", "glued"),
        ("SELECT COUNT(*) FROM pg_class WHERE oid = 'pg_class'::regclass::oid", "1"),
        ("SELECT relkind::\"char\" FROM pg_catalog.pg_class WHERE pg_catalog.pg_class.relname = 'pg_class'", "v"),
        ("SELECT format_type(1043, 14)", "character varying(10)"),
        ("SELECT pg_catalog.format_type(3802, -1)", "super"),
        ("SELECT (current_schemas(true))[1]", "pg_catalog"),
        ("SELECT NVL(LISTAGG(TRIM(nspname), '+') WITHIN GROUP (ORDER BY nspname), 'none') FROM pg_namespace"
         " WHERE nspname IN ('public', 'pg_catalog')", "pg_catalog+public"),
        ("SELECT TOP 1 nspname::varchar(3) FROM pg_namespace WHERE nspname = 'public'", "pub"),
        ("SELECT array_to_string(ARRAY(SELECT nspname FROM pg_namespace WHERE nspname = 'public'), ',')", "public"),
        ("WITH n AS (SELECT nspname AS pg_class FROM pg_namespace) SELECT pg_class FROM n WHERE pg_class = 'public'",
         "public"),
        ('SELECT n."nspname" FROM "dev"."pg_catalog"."pg_namespace" n WHERE n.nspname = \'public\'', "public"),
    ],
)  # fmt: skip
def test_the_leader_node_takes_postgresqls_sql(rows: Rows, query: str, expected: str) -> None:
    assert rows(query) == [(expected,)]


def test_the_version_is_redshifts(rows: Rows) -> None:
    ((version,),) = rows("SELECT version()")
    assert version is not None
    assert version.startswith("PostgreSQL 8.0.2 on ")
    assert "Redshift 1.0" in version


def test_parameters_keep_their_numbers() -> None:
    translation = catalog.statement("SELECT $2,$1 FROM pg_class WHERE relname = $1 AND '$3' = relkind")
    assert translation == (
        'SELECT $2, $1 FROM "rs_catalog"."pg_class" AS "pg_class" WHERE "relname" = $1 AND \'$3\' = "relkind"'
    )


@pytest.mark.parametrize("sql", ["SELECT 1", "SELECT * FROM orders", "DELETE FROM t", "SHOW search_path", "", "((("])
def test_other_statements_are_no_catalog_queries(sql: str) -> None:
    assert catalog.statement(sql) is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT d.type FROM pg_table_def d JOIN orders o ON o.note = d.tablename",
        "SELECT c.relacl FROM pg_class c JOIN orders o ON o.note = c.relname",
        "SELECT c.* FROM pg_class c JOIN orders o ON o.note = c.relname",
        "SELECT table_name, id FROM information_schema.tables, orders",
        "SELECT pg_get_viewdef(id::oid) FROM orders",
        "SELECT id, pg_relation_size('orders') FROM orders",
        "SELECT s.* FROM stv_tbl_perm s, pg_views v WHERE v.viewname = s.name",
    ],
)
def test_user_tables_do_not_mix_with_what_only_the_leader_node_has(shop: str, rows: Rows, query: str) -> None:
    with pytest.raises(RefusedByRedshift, match=r"Specified types or functions \(one per INFO message\) not supported"):
        rows(query)


def test_catalog_tables_join_user_tables_by_supported_columns(shop: str, rows: Rows, session: Session) -> None:
    session.run_alone("INSERT INTO orders VALUES (1, NULL, 'orders')")
    joined = rows("SELECT o.id, c.relname FROM orders o JOIN pg_class c ON c.relname = o.note"
                  f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{shop}'")  # fmt: skip
    assert joined == [("1", "orders")]


def test_system_views_fill_tables_and_views(shop: str, rows: Rows, session: Session) -> None:
    session.run_alone("CREATE TABLE kept AS SELECT schema_name::varchar(128) AS s FROM svv_all_schemas")
    session.run_alone("INSERT INTO kept SELECT TRIM(name)::varchar(128) FROM stv_tbl_perm WHERE name = 'orders'")
    session.run_alone("CREATE VIEW sizes AS SELECT TRIM(relname) AS t, s.rows FROM stv_tbl_perm s"
                      " JOIN pg_class ON pg_class.oid = s.id")  # fmt: skip
    assert rows("SELECT COUNT(*) FROM kept WHERE s IN ('public', 'orders')") == [("2",)]
    assert ("orders",) in rows("SELECT t FROM sizes")


def test_a_materialized_view_reads_no_system_view(session: Session) -> None:
    with pytest.raises(RefusedByRedshift, match="cannot reference system tables"):
        session.run_alone("CREATE MATERIALIZED VIEW m AS SELECT table_name FROM svv_tables")


def test_an_unknown_system_view_is_named(rows: Rows) -> None:
    with pytest.raises(UnsupportedStatement, match="no system view svl_of_tomorrow"):
        rows("SELECT * FROM svl_of_tomorrow")
