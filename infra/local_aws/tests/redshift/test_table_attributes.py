"""Distribution, sort keys, encodings and declared keys are remembered until their relation is dropped."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from infra.local_aws.redshift.error_words import error_text
from infra.local_aws.redshift.errors import RefusedByRedshift
from infra.local_aws.redshift.execution import Session


def _attributes(session: Session, relation: str) -> tuple[Any, ...] | None:
    return session.connection.execute(
        "SELECT dist_style, dist_key, sort_style, sort_keys, backup, auto_refresh, encode_auto"
        " FROM rs.table_attributes WHERE relation = %s::regclass",
        (relation,),
    ).fetchone()


def _encodings(session: Session, relation: str) -> dict[str, str]:
    rows = session.connection.execute(
        "SELECT column_name, encoding FROM rs.column_attributes WHERE relation = %s::regclass", (relation,)
    )
    return dict(rows.fetchall())


def _keys(session: Session, relation: str) -> list[tuple[Any, ...]]:
    return session.connection.execute(
        "SELECT name, kind, columns, refers_to::regclass::text, refers_columns FROM rs.declared_keys"
        " WHERE relation = %s::regclass ORDER BY name",
        (relation,),
    ).fetchall()


@pytest.mark.parametrize(
    ("definition", "attributes"),
    [
        ("(a INT, b INT)", ("AUTO", None, "AUTO", [], True, False, True)),
        ("(a INT, b INT DISTKEY SORTKEY) BACKUP NO", ("KEY", "b", "COMPOUND", ["b"], False, False, True)),
        ("(a INT, b INT) DISTSTYLE ALL INTERLEAVED SORTKEY (b, a)",
         ("ALL", None, "INTERLEAVED", ["b", "a"], True, False, True)),
        ("(a INT ENCODE az64, b INT) DISTSTYLE KEY DISTKEY (a) COMPOUND SORTKEY (a)",
         ("KEY", "a", "COMPOUND", ["a"], True, False, False)),
        ("DISTKEY (2) SORTKEY (1, 2) AS SELECT 1 AS a, 2 AS b",
         ("KEY", "b", "COMPOUND", ["a", "b"], True, False, True)),
        ("DISTSTYLE EVEN AS SELECT 1 AS a", ("EVEN", None, "AUTO", [], True, False, True)),
    ],
)  # fmt: skip
def test_a_table_has_its_attributes(session: Session, definition: str, attributes: tuple[Any, ...]) -> None:
    session.run_alone(f"CREATE TABLE placed {definition}")
    assert _attributes(session, "placed") == attributes


def test_columns_have_their_own_or_the_default_encoding(session: Session) -> None:
    session.run_alone(
        "CREATE TABLE coded (a INT SORTKEY, b INT ENCODE mostly8, c BOOLEAN, d VARCHAR(9), e SUPER, f DECIMAL(9,2))"
    )
    defaults = {"a": "raw", "b": "mostly8", "c": "raw", "d": "lzo", "e": "zstd", "f": "az64"}
    assert _encodings(session, "coded") == defaults
    session.run_alone("ALTER TABLE coded ADD COLUMN g DATE ENCODE runlength")
    session.run_alone("ALTER TABLE coded ALTER COLUMN b ENCODE zstd, ALTER COLUMN d ENCODE text255")
    session.run_alone("ALTER TABLE coded RENAME COLUMN c TO cc")
    changed = {"b": "zstd", "d": "text255", "cc": "raw", "g": "runlength"}
    assert _encodings(session, "coded") == {"a": "raw", "e": "zstd", "f": "az64", **changed}


def test_keys_are_declared_and_dropped(session: Session, schema: str) -> None:
    session.run_alone("CREATE TABLE country (code CHAR(2) PRIMARY KEY, name VARCHAR(60) UNIQUE)")
    session.run_alone(
        "CREATE TABLE city (id INT, country CHAR(2), CONSTRAINT city_id PRIMARY KEY (id), "
        "FOREIGN KEY (country) REFERENCES country)"
    )
    assert _keys(session, "country") == [
        ("country_name_key", "u", ["name"], None, None),
        ("country_pkey", "p", ["code"], None, None),
    ]
    foreign = ("city_country_fkey", "f", ["country"], "country", ["code"])
    assert _keys(session, "city") == [foreign, ("city_id", "p", ["id"], None, None)]
    with pytest.raises(psycopg.Error, match="other objects depend on it"):
        session.run_alone("ALTER TABLE country DROP CONSTRAINT country_pkey")
    session.run_alone("ALTER TABLE country DROP CONSTRAINT country_pkey CASCADE")
    assert [key[0] for key in _keys(session, "city")] == ["city_id"]
    with pytest.raises(psycopg.Error, match="multiple primary keys"):
        session.run_alone("ALTER TABLE city ADD PRIMARY KEY (id)")


def test_alter_table_changes_placement(session: Session) -> None:
    session.run_alone("CREATE TABLE moved (a INT, b INT)")
    session.run_alone("ALTER TABLE moved ALTER DISTSTYLE KEY DISTKEY b")
    session.run_alone("ALTER TABLE moved ALTER SORTKEY (b, a)")
    session.run_alone("ALTER TABLE moved RENAME COLUMN b TO c")
    assert _attributes(session, "moved") == ("KEY", "c", "COMPOUND", ["c", "a"], True, False, True)
    for column in ("a", "c"):
        with pytest.raises(psycopg.Error, match=r"cannot drop (sort|dist)key column"):
            session.run_alone(f"ALTER TABLE moved DROP COLUMN {column}")
    session.run_alone("ALTER TABLE moved ALTER DISTSTYLE EVEN, ALTER SORTKEY NONE")
    assert _attributes(session, "moved") == ("EVEN", None, None, [], True, False, True)
    session.run_alone("ALTER TABLE moved DROP COLUMN c")
    assert _encodings(session, "moved") == {"a": "az64"}


def test_a_table_like_another_inherits(session: Session) -> None:
    session.run_alone("CREATE TABLE model (a INT ENCODE zstd, b INT) DISTKEY (a) SORTKEY (b) BACKUP NO")
    session.run_alone("CREATE TABLE twin (LIKE model)")
    assert _attributes(session, "twin") == _attributes(session, "model")
    assert _encodings(session, "twin") == _encodings(session, "model")


def test_if_not_exists_keeps_the_older_table(session: Session) -> None:
    session.run_alone("CREATE TABLE twice (a INT) DISTKEY (a)")
    session.run_alone("CREATE TABLE IF NOT EXISTS twice (b INT) DISTSTYLE ALL")
    assert _attributes(session, "twice") == ("KEY", "a", "AUTO", [], True, False, True)


def test_a_materialized_view_has_attributes(session: Session) -> None:
    session.run_alone("CREATE TABLE base (a INT)")
    session.run_alone(
        "CREATE MATERIALIZED VIEW mv BACKUP NO DISTKEY (a) SORTKEY (a) AUTO REFRESH YES AS SELECT a FROM base"
    )
    assert _attributes(session, "mv") == ("KEY", "a", "COMPOUND", ["a"], False, True, True)
    session.run_alone("ALTER MATERIALIZED VIEW mv AUTO REFRESH NO")
    session.run_alone("ALTER MATERIALIZED VIEW mv ALTER DISTSTYLE ALL")
    session.run_alone("REFRESH MATERIALIZED VIEW mv")
    assert _attributes(session, "mv") == ("ALL", None, "COMPOUND", ["a"], False, False, True)


def test_a_dropped_relation_is_forgotten(session: Session, schema: str) -> None:
    session.run_alone("CREATE TABLE gone (a INT PRIMARY KEY)")
    session.run_alone("CREATE TABLE stays (a INT REFERENCES gone)")
    (oid,) = session.connection.execute("SELECT 'gone'::regclass::oid::bigint").fetchone() or (None,)
    session.run_alone("DROP TABLE gone")
    for name in ("table_attributes", "column_attributes", "declared_keys"):
        remaining = session.connection.execute(f"SELECT FROM rs.{name} WHERE relation = {oid}").fetchall()
        assert remaining == [], name
    assert _keys(session, "stays") == []


def test_only_the_owner_changes_attributes(session: Session, schema: str) -> None:
    session.run_alone("CREATE TABLE owned (a INT)")
    session.connection.execute(f"CREATE ROLE other_{schema}")
    session.connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO other_{schema}")
    session.connection.execute(f"SET ROLE other_{schema}")
    with pytest.raises(psycopg.Error, match="must be owner"):
        session.run_alone("ALTER TABLE owned ALTER DISTSTYLE ALL")
    session.connection.execute("DELETE FROM rs.table_attributes")
    session.connection.execute("RESET ROLE")
    assert _attributes(session, "owned") is not None
    session.connection.execute(f"DROP OWNED BY other_{schema}")
    session.connection.execute(f"DROP ROLE other_{schema}")


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        ("(a INT) DISTSTYLE ALL DISTKEY (a)", "DISTSTYLE ALL cannot be used with DISTKEY"),
        ("(a INT) DISTSTYLE KEY", "requires a DISTKEY"),
        ("(a INT DISTKEY, b INT DISTKEY)", "more than one DISTKEY"),
        ("(a INT SORTKEY) SORTKEY (a)", "more than one SORTKEY"),
        ("(a INT) SORTKEY (b)", "does not exist"),
        ("(a SUPER) SORTKEY (a)", "SUPER cannot be"),
        ("(a VARCHAR(9) ENCODE az64)", "not supported for column"),
        ("(a INT ENCODE text255)", "not supported for column"),
        ("(a INT NULL NOT NULL)", "conflicting NULL"),
        ("(a INT IDENTITY(1,1) DEFAULT 5)", "multiple default values"),
        ("(LIKE b) DISTSTYLE ALL", "inherited"),
        ("(a INT) INTERLEAVED SORTKEY (a, b, c, d, e, f, g, h, i)", "more than 8"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(session: Session, definition: str, reason: str) -> None:
    with pytest.raises(RefusedByRedshift, match=reason):
        session.run_alone(f"CREATE TABLE refused {definition}")


@pytest.mark.parametrize(
    ("column", "size", "reason"),
    [
        ("v VARCHAR(9)", 4, "greater or equal"),
        ("v VARCHAR(9) ENCODE bytedict", 20, "with encoding BYTEDICT"),
        ("v VARCHAR(9) DEFAULT 'x'", 20, "default value"),
        ("v VARCHAR(9) UNIQUE", 20, "unique or foreign key"),
    ],
)
def test_a_varchar_that_cannot_change(session: Session, column: str, size: int, reason: str) -> None:
    session.run_alone(f"CREATE TABLE sized ({column})")
    session.run_alone("INSERT INTO sized VALUES ('äöü')")
    with pytest.raises(psycopg.Error) as caught:
        session.run_alone(f"ALTER TABLE sized ALTER COLUMN v TYPE VARCHAR({size})")
    assert reason in error_text(caught.value)


def test_a_varchar_shrinks_to_its_data(session: Session) -> None:
    session.run_alone("CREATE TABLE sized (v VARCHAR(90))")
    session.run_alone("INSERT INTO sized VALUES ('äöü')")
    session.run_alone("ALTER TABLE sized ALTER COLUMN v TYPE VARCHAR(6)")
    with pytest.raises(psycopg.Error) as caught:
        session.run_alone("INSERT INTO sized VALUES ('äöüx')")
    assert "value too long for type character varying(6)" in error_text(caught.value)


def test_a_quota_is_remembered_with_its_schema(session: Session, schema: str) -> None:
    name = f"{schema}_quota"

    def quota() -> list[tuple[Any, ...]]:
        return session.connection.execute(
            "SELECT megabytes::int FROM rs.schema_quotas JOIN pg_namespace n ON n.oid = schema WHERE nspname LIKE %s",
            (f"{name}%",),
        ).fetchall()

    session.run_alone(f'CREATE SCHEMA "dev"."{name}" QUOTA 0.5 TB')
    session.run_alone(f"ALTER SCHEMA {name} RENAME TO {name}2")
    assert quota() == [(524288,)]
    session.run_alone(f"ALTER SCHEMA {name}2 QUOTA UNLIMITED")
    assert quota() == []
    session.run_alone(f"DROP SCHEMA dev.{name}2")
