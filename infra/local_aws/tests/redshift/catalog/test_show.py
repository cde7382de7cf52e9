"""The SHOW family, as people and drivers write it."""

from __future__ import annotations

import psycopg
import pytest

from infra.local_aws.redshift import RefusedByRedshift, Warehouse
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.translator import catalog

from .conftest import Rows


def names(session: Session, sql: str) -> list[str]:
    return [column.name for column in session.run_alone(sql).columns or []]


def test_databases_and_schemas(shop: str, rows: Rows) -> None:
    assert [row[:3:2] for row in rows("SHOW DATABASES LIKE 'de%'")] == [("dev", "local")]
    assert [row[1] for row in rows(f"SHOW SCHEMAS FROM DATABASE \"dev\" LIKE '{shop}'")] == [shop]


def test_tables_with_kind_and_distribution(shop: str, rows: Rows) -> None:
    tables = rows(f"SHOW TABLES FROM SCHEMA dev.{shop}")
    assert [(row[2], row[3], row[9], row[10]) for row in tables] == [
        ("customers", "TABLE", "KEY(id)", "REGULAR TABLE"),
        ("late", "VIEW", None, "LATE BINDING VIEW"),
        ("names", "VIEW", None, "REGULAR VIEW"),
        ("orders", "TABLE", "ALL", "REGULAR TABLE"),
        ("totals", "VIEW", "EVEN", "MATERIALIZED VIEW"),
    ]


def test_like_is_case_sensitive_and_limit_limits(shop: str, rows: Rows) -> None:
    assert len(rows(f"SHOW TABLES FROM SCHEMA {shop} LIKE '%o%'")) == 3
    assert rows(f"SHOW TABLES FROM SCHEMA {shop} LIKE '%O%'") == []
    assert len(rows(f"SHOW TABLES FROM SCHEMA {shop} LIMIT 2")) == 2


def test_columns_with_keys_and_encoding(shop: str, rows: Rows, session: Session) -> None:
    statement = f"SHOW COLUMNS FROM TABLE {shop}.customers LIKE 'a%'"
    assert dict(zip(names(session, statement), rows(statement)[0], strict=True)) == {
        "database_name": "dev", "schema_name": shop, "table_name": "customers", "column_name": "amount",
        "ordinal_position": "6", "column_default": None, "is_nullable": "YES", "data_type": "numeric",
        "character_maximum_length": None, "numeric_precision": "12", "numeric_scale": "2", "remarks": None,
        "sort_key_type": "COMPOUND", "sort_key": "1", "dist_key": None, "encoding": "none", "collation": None,
    }  # fmt: skip


def test_a_table_without_a_schema_is_found_by_the_search_path(shop: str, rows: Rows) -> None:
    assert [row[3] for row in rows("SHOW COLUMNS FROM TABLE orders")] == ["id", "customer", "note"]


def test_constraints(shop: str, rows: Rows) -> None:
    assert rows(f"SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE dev.{shop}.customers") == [
        ("dev", shop, "customers", "id", "1", "customers_pkey")
    ]
    exported = rows(f"SHOW CONSTRAINTS FOREIGN KEYS EXPORTED FROM TABLE {shop}.customers")
    assert exported == rows(f"SHOW CONSTRAINTS FOREIGN KEYS FROM TABLE {shop}.orders")
    assert exported[0][:9] == ("dev", shop, "customers", "id", "dev", shop, "orders", "customer", "1")


def test_grants(shop: str, analyst: str, rows: Rows, session: Session) -> None:
    session.run_alone(f"GRANT SELECT (id) ON customers TO {analyst}")
    assert [(row[2], row[4], row[6]) for row in rows(f"SHOW GRANTS ON TABLE {shop}.orders FOR {analyst}")] == [
        ("orders", "SELECT", analyst)
    ]
    assert {(row[2], row[4]) for row in rows(f"SHOW GRANTS FOR {analyst}")} == {("orders", "SELECT"), (shop, "USAGE")}
    assert [
        (row[3], row[5], row[7]) for row in rows(f"SHOW COLUMN GRANTS ON TABLE {shop}.customers FOR {analyst}")
    ] == [("id", "SELECT", analyst)]


def test_procedures_and_functions_with_their_parameters(shop: str, rows: Rows, session: Session) -> None:
    session.run_alone("CREATE PROCEDURE p(a INT, b INOUT VARCHAR(20)) AS $$ BEGIN b := a; END; $$ LANGUAGE plpgsql")
    session.run_alone("CREATE FUNCTION f(INT) RETURNS INT STABLE AS $$ SELECT $1 + 1 $$ LANGUAGE sql")
    signature = ("dev", shop, "p", "character varying", "integer, character varying")
    assert rows(f"SHOW PROCEDURES FROM SCHEMA dev.{shop}") == [signature]
    assert rows(f"SHOW FUNCTIONS FROM SCHEMA {shop} LIKE 'f'") == [("dev", shop, "f", "integer", "integer")]
    parameters = rows(f"SHOW PARAMETERS OF PROCEDURE {shop}.p(integer, varchar)")
    assert [row[3:7] for row in parameters] == [("a", "1", "IN", "integer"), ("b", "2", "INOUT", "character varying")]
    assert rows(f"SHOW PARAMETERS OF PROCEDURE {shop}.p(integer)") == []


def test_show_table_can_create_the_table_again(shop: str, rows: Rows, session: Session) -> None:
    ((definition,),) = rows("SHOW TABLE customers")
    assert definition is not None
    assert definition.splitlines() == [
        f"CREATE TABLE {shop}.customers (",
        "    id bigint NOT NULL identity(1,1) ENCODE az64 distkey,",
        "    name character varying(40) NOT NULL ENCODE zstd,",
        "    born date DEFAULT '2000-01-01'::date ENCODE az64,",
        "    extra super ENCODE zstd,",
        "    token varbyte ENCODE lzo,",
        "    amount numeric(12,2),",
        "    PRIMARY KEY (id)",
        ")",
        "DISTSTYLE KEY",
        "SORTKEY ( amount );",
    ]
    session.run_alone(definition.replace(f"{shop}.customers", f"{shop}.again").rstrip(";"))
    ((again,),) = rows("SHOW TABLE again")
    assert again == definition.replace(f"{shop}.customers", f"{shop}.again")


def test_show_table_of_several_keys(shop: str, rows: Rows) -> None:
    ((definition,),) = rows(f"SHOW TABLE {shop}.orders")
    assert definition is not None
    assert definition.splitlines()[-5:] == [
        "    UNIQUE (id),",
        f"    FOREIGN KEY (customer) REFERENCES {shop}.customers(id)",
        ")",
        "DISTSTYLE ALL",
        "INTERLEAVED SORTKEY ( id, customer );",
    ]


def test_show_view_of_each_kind(shop: str, rows: Rows) -> None:
    starts = {name: (rows(f"SHOW VIEW {name}")[0][0] or "").split(" AS")[0] for name in ("names", "totals", "late")}
    assert starts == {
        "names": f"CREATE OR REPLACE VIEW {shop}.names",
        "totals": f"CREATE MATERIALIZED VIEW {shop}.totals",
        "late": f"CREATE VIEW {shop}.late",
    }


def test_what_does_not_exist_is_named(shop: str, rows: Rows) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable, match='table "no_such" does not exist'):
        rows("SHOW TABLE no_such")
    with pytest.raises(psycopg.errors.UndefinedTable, match='view "orders" does not exist'):
        rows("SHOW VIEW orders")
    with pytest.raises(RefusedByRedshift, match='model "m" does not exist'):
        rows("SHOW MODEL m")
    assert rows("SHOW DATASHARES") == []


def test_a_user_is_shown_what_it_may_see(shop: str, analyst_rows: Rows) -> None:
    assert [row[2] for row in analyst_rows(f"SHOW TABLES FROM SCHEMA dev.{shop}")] == ["orders"]
    with pytest.raises(psycopg.errors.UndefinedTable):
        analyst_rows(f"SHOW TABLE {shop}.customers")


def test_names_may_be_parameters(shop: str, warehouse: Warehouse) -> None:
    translation = catalog.statement("SHOW COLUMNS FROM TABLE $1.$2.$3 LIKE $4;")
    assert translation is not None
    with warehouse.connect() as connection:
        prepared = connection.pgconn.prepare(b"", translation.encode())
        assert prepared.error_message == b""
        result = connection.pgconn.exec_prepared(b"", [b"dev", shop.encode(), b"orders", b"n%"])
        assert [result.get_value(n, 3) for n in range(result.ntuples)] == [b"note"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("server_version", "8.0.2"), ("max_identifier_length", "127"), ("transaction isolation level", "serializable")],
)
def test_settings_of_the_server(rows: Rows, setting: str, value: str) -> None:
    assert rows(f"SHOW {setting}") == [(value,)]


@pytest.mark.parametrize(
    "sql", ["SHOW TABLES", "SHOW COLUMNS FROM orders", "SHOW PARAMETERS OF p()", "SHOW TABLES FROM"]
)
def test_a_wrong_statement_is_refused(rows: Rows, sql: str) -> None:
    with pytest.raises(RefusedByRedshift, match="syntax error"):
        rows(sql)
