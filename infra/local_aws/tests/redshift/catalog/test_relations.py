"""The catalog's relations: what they show of a warehouse, in Redshift's columns and type names."""

from __future__ import annotations

import uuid

import psycopg
import pytest

from infra.local_aws.redshift import Warehouse
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.translator.system_relations import own_schema

from .conftest import Rows


@pytest.mark.parametrize(
    "listing",
    [
        "SELECT relname, relkind FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = '{s}'"
        " AND relkind IN ('r', 'v', 'm', 'i', 'S', 'f')",
        "SELECT table_name, CASE table_type WHEN 'BASE TABLE' THEN 'r' ELSE 'v' END FROM svv_tables"
        " WHERE table_schema = '{s}'",
        "SELECT table_name, CASE table_type WHEN 'BASE TABLE' THEN 'r' ELSE 'v' END FROM information_schema.tables"
        " WHERE table_schema = '{s}'",
        "SELECT table_name, CASE table_type WHEN 'TABLE' THEN 'r' ELSE 'v' END FROM svv_all_tables"
        " WHERE schema_name = '{s}'",
        "SELECT tablename, 'r' FROM pg_tables WHERE schemaname = '{s}'"
        " UNION ALL SELECT viewname, 'v' FROM pg_views WHERE schemaname = '{s}'",
    ],
)
def test_tables_and_views_of_every_kind_are_listed_and_nothing_else(shop: str, rows: Rows, listing: str) -> None:
    assert sorted(rows(listing.format(s=shop))) == [
        ("customers", "r"), ("late", "v"), ("names", "v"), ("orders", "r"), ("totals", "v")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("listing", "column"),
    [
        ("pg_namespace", "nspname"),
        ("information_schema.schemata", "schema_name"),
        ("svv_redshift_schemas", "schema_name"),
        ("svv_all_schemas", "schema_name"),
        ("svv_tables", "table_schema"),
        ("pg_tables", "schemaname"),
    ],
)
def test_schemas_of_the_stand_in_stay_hidden(shop: str, rows: Rows, listing: str, column: str) -> None:
    names = {name for (name,) in rows(f"SELECT DISTINCT {column} FROM {listing}")}
    assert shop in names
    assert not names & {"rs", "rs_facts", "rs_catalog", "rs_information"}


def test_indexes_and_checks_of_the_stand_in_stay_hidden(shop: str, rows: Rows) -> None:
    assert rows("SELECT * FROM pg_index") == []
    assert rows(f"SELECT indexname FROM pg_indexes WHERE schemaname = '{shop}'") == []
    names = {name for (name,) in rows("SELECT conname FROM pg_constraint")}
    assert {"customers_pkey", "orders_id_key", "orders_customer_fkey"} <= names
    assert not any(name and name.startswith("rs_") for name in names)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale FROM svv_columns"
        " WHERE table_schema = '{s}' AND table_name = 'customers' ORDER BY ordinal_position",
        "SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale"
        " FROM information_schema.columns WHERE table_schema = '{s}' AND table_name = 'customers'"
        " ORDER BY ordinal_position",
    ],
)
def test_columns_have_redshifts_types(shop: str, rows: Rows, query: str) -> None:
    assert rows(query.format(s=shop)) == [
        ("id", "bigint", None, "64", "0"),
        ("name", "character varying", "40", None, None),
        ("born", "date", None, None, None),
        ("extra", "super", None, None, None),
        ("token", "binary varying", None, None, None),
        ("amount", "numeric", None, "12", "2"),
    ]


def test_table_def_shows_encodings_and_keys(shop: str, rows: Rows) -> None:
    definition = rows('SELECT "column", type, encoding, distkey, sortkey, "notnull" FROM pg_table_def'
                      f" WHERE schemaname = '{shop}' AND tablename = 'customers'")  # fmt: skip
    assert definition == [
        ("id", "bigint", "az64", "t", "0", "t"),
        ("name", "character varying(40)", "zstd", "f", "0", "t"),
        ("born", "date", "az64", "f", "0", "f"),
        ("extra", "super", "zstd", "f", "0", "f"),
        ("token", "varbyte", "lzo", "f", "0", "f"),
        ("amount", "numeric(12,2)", "none", "f", "1", "f"),
    ]


def test_interleaved_sort_keys_alternate_in_sign(shop: str, rows: Rows) -> None:
    keys = rows("SELECT a.attname, a.attsortkeyord, format_encoding(a.attencodingtype::integer), a.attisdistkey"
                " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n"
                f" ON n.oid = c.relnamespace WHERE n.nspname = '{shop}' AND c.relname = 'orders' AND a.attnum > 0"
                " ORDER BY a.attnum")  # fmt: skip
    assert keys == [("id", "1", "none", "f"), ("customer", "-2", "none", "f"), ("note", "0", "lzo", "f")]


def test_table_info_shows_distribution_and_sort_keys(shop: str, rows: Rows) -> None:
    info = rows('SELECT "table", diststyle, sortkey1, sortkey_num, max_varchar, encoded FROM svv_table_info'
                f" WHERE \"schema\" = '{shop}' ORDER BY 1")  # fmt: skip
    assert info == [
        ("customers", "KEY(id)", "amount", "1", "40", "Y"),
        ("orders", "ALL", "INTERLEAVED", "2", "65535", "Y"),
        ("totals", "EVEN", None, "0", None, "Y"),
    ]


def test_a_materialized_view_shows_its_statement_and_auto_refresh(shop: str, rows: Rows, session: Session) -> None:
    session.run_alone("CREATE MATERIALIZED VIEW fresh AUTO REFRESH YES AS SELECT id FROM orders")
    info = rows(f"SELECT name, autorefresh FROM svv_mv_info WHERE schema_name = '{shop}' ORDER BY name")
    assert info == [("fresh", "t"), ("totals", "f")]
    ((definition,),) = rows(f"SELECT definition FROM pg_views WHERE schemaname = '{shop}' AND viewname = 'totals'")
    assert definition is not None
    assert definition.startswith("CREATE MATERIALIZED VIEW")
    storage = rows("SELECT a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                   f" JOIN pg_attribute a ON a.attrelid = c.oid WHERE n.nspname ILIKE '{shop}'"
                   " AND c.relname LIKE 'mv_tbl__totals__%' AND a.attnum > 0")  # fmt: skip
    assert sorted(storage) == [("customer",), ("n",)]


def test_columns_of_a_late_binding_view_come_from_the_function_alone(shop: str, rows: Rows) -> None:
    columns = "cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)"
    late = rows(f"SELECT col_name, col_type, col_num FROM pg_get_late_binding_view_cols() {columns}"
                f" WHERE view_schema = '{shop}' ORDER BY col_num")  # fmt: skip
    assert late == [("id", "integer", "1"), ("note", "character varying(65535)", "2")]
    assert rows(f"SELECT * FROM information_schema.columns WHERE table_schema = '{shop}' AND table_name = 'late'") == []
    assert len(rows(f"SELECT * FROM svv_columns WHERE table_schema = '{shop}' AND table_name = 'late'")) == 2


def test_declared_keys_can_be_joined_by_oid(shop: str, rows: Rows) -> None:
    keys = rows("SELECT t.conname, t.contype, pg_catalog.pg_get_constraintdef(t.oid, true), a.attname"
                " FROM pg_constraint t JOIN pg_attribute a ON a.attrelid = t.conrelid AND a.attnum = ANY(t.conkey)"
                f" JOIN pg_namespace n ON n.oid = t.connamespace WHERE n.nspname = '{shop}' ORDER BY 1")  # fmt: skip
    assert keys == [
        ("customers_pkey", "p", "PRIMARY KEY (id)", "id"),
        ("orders_customer_fkey", "f", f"FOREIGN KEY (customer) REFERENCES {shop}.customers(id)", "customer"),
        ("orders_id_key", "u", "UNIQUE (id)", "id"),
    ]


def test_comments_are_found_by_the_class_that_they_belong_to(shop: str, rows: Rows) -> None:
    comments = rows("SELECT d.description FROM pg_class c JOIN pg_description d ON d.objoid = c.oid AND d.objsubid = 0"
                    " JOIN pg_class dc ON dc.oid = d.classoid AND dc.relname = 'pg_class'"
                    f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{shop}'")  # fmt: skip
    assert comments == [("what was bought",)]


def test_super_and_varbyte_are_types(rows: Rows) -> None:
    types = rows("SELECT oid, typname FROM pg_type WHERE typname IN ('super', 'varbyte') ORDER BY oid")
    assert types == [("4000", "super"), ("6551", "varbyte")]


def test_a_default_and_an_identity_are_shown(shop: str, rows: Rows) -> None:
    defaults = rows(f"SELECT column_name, column_default FROM svv_columns WHERE table_schema = '{shop}'"
                    " AND table_name = 'customers' AND column_default IS NOT NULL ORDER BY 1")  # fmt: skip
    assert defaults[0] == ("born", "'2000-01-01'::date")
    assert (defaults[1][1] or "").endswith("0, '1,1'::text)")


def test_the_history_of_queries_has_redshifts_columns(rows: Rows) -> None:
    rows("SELECT query_id, user_id, query_type, status, query_text FROM sys_query_history LIMIT 1")
    rows("SELECT query, userid, TRIM(querytxt), aborted FROM stl_query ORDER BY starttime DESC LIMIT 1")


@pytest.mark.parametrize("relation", ["stl_scan", "sys_query_detail", "svl_s3query_summary", "svv_rls_policy"])
def test_what_does_not_happen_here_has_no_rows(rows: Rows, relation: str) -> None:
    assert rows(f"SELECT * FROM {relation}") == []


def test_every_relation_can_be_read(warehouse: Warehouse) -> None:
    with warehouse.connect() as connection:
        relations = connection.execute(
            "SELECT relnamespace::regnamespace::text, relname FROM pg_class WHERE relkind = 'v'"
            " AND relnamespace IN ('rs_catalog'::regnamespace, 'rs_information'::regnamespace)"
        ).fetchall()
        for schema, name in relations:
            connection.execute(f"SELECT * FROM {schema}.{name} LIMIT 5".encode())
            assert own_schema("information_schema" if schema == "rs_information" else "", name) == schema


def test_a_user_sees_what_it_has_a_right_to(shop: str, analyst_rows: Rows) -> None:
    tables = f"SELECT table_name FROM svv_tables WHERE table_schema = '{shop}'"
    assert analyst_rows(tables) == [("orders",)]
    assert {row[0] for row in analyst_rows(f"SELECT table_name FROM svv_columns WHERE table_schema = '{shop}'")} == {
        "orders"
    }
    assert analyst_rows(f"SELECT viewname FROM pg_views WHERE schemaname = '{shop}' AND viewname = 'names'") == [
        ("names",)
    ]


def test_a_user_sees_its_own_sessions_only(analyst: str, analyst_rows: Rows) -> None:
    assert {row[0] for row in analyst_rows("SELECT user_name FROM stv_sessions")} <= {analyst}


def test_table_info_is_for_superusers(analyst_rows: Rows) -> None:
    assert analyst_rows("SELECT has_table_privilege(current_user, 'svv_table_info', 'select')") == [("f",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        analyst_rows("SELECT * FROM svv_table_info")


def test_privileges_name_who_has_them(shop: str, analyst: str, rows: Rows) -> None:
    privileges = rows("SELECT privilege_type, identity_type FROM svv_relation_privileges"
                      f" WHERE namespace_name = '{shop}' AND identity_name = '{analyst}'")  # fmt: skip
    assert privileges == [("SELECT", "user")]


def test_views_of_an_earlier_version_are_created_anew(warehouse: Warehouse, rows: Rows) -> None:
    with warehouse.connect(autocommit=True) as connection:
        connection.execute("DROP VIEW rs_catalog.svv_mv_dependency")
        connection.execute("CREATE VIEW rs_catalog.svv_mv_dependency AS SELECT 1 AS other_column")
    warehouse._install_functions()
    assert rows("SELECT database_name FROM svv_mv_dependency WHERE false") == []


def test_users_groups_and_roles_are_told_apart(session: Session, rows: Rows) -> None:
    suffix = uuid.uuid4().hex[:8]
    user, group, role = f"u_{suffix}", f"g_{suffix}", f"r_{suffix}"
    for statement in (
        f"CREATE USER {user} PASSWORD DISABLE",
        f"CREATE GROUP {group} WITH USER {user}",
        f"CREATE ROLE {role}",
        f"GRANT ROLE {role} TO {user}",
    ):
        session.run_alone(statement)
    assert rows(f"SELECT usename FROM pg_user WHERE usename LIKE '%_{suffix}'") == [(user,)]
    assert rows(f"SELECT groname FROM pg_group WHERE groname LIKE '%_{suffix}'") == [(group,)]
    assert rows(f"SELECT role_name FROM svv_roles WHERE role_name LIKE '%_{suffix}'") == [(role,)]
    assert rows(f"SELECT role_name FROM svv_user_grants WHERE user_name = '{user}'") == [(role,)]
    for statement in (f"DROP ROLE {role} FORCE", f"DROP GROUP {group}", f"DROP USER {user}"):
        session.run_alone(statement)
