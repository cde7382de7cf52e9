"""A small shop: tables with keys and attributes, a view of each kind, an analyst who may read one of the tables."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local_aws.redshift import Warehouse
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.transfer.objects import Files

Rows = Callable[..., list[tuple[str | None, ...]]]

_SHOP = (
    "CREATE TABLE customers (id BIGINT IDENTITY(1,1) PRIMARY KEY, name VARCHAR(40) NOT NULL ENCODE zstd,"
    " born DATE DEFAULT '2000-01-01', extra SUPER, token VARBYTE, amount NUMERIC(12,2) SORTKEY)"
    " DISTSTYLE KEY DISTKEY (id)",
    "CREATE TABLE orders (id INT, customer BIGINT REFERENCES customers (id), note VARCHAR(MAX), UNIQUE (id))"
    " DISTSTYLE ALL INTERLEAVED SORTKEY (id, customer)",
    "CREATE VIEW names AS SELECT name, amount FROM customers",
    "CREATE MATERIALIZED VIEW totals AS SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer",
    "COMMENT ON TABLE orders IS 'what was bought'",
)


@pytest.fixture
def shop(session: Session, schema: str) -> str:
    """The schema's name, with the shop in it."""
    for statement in _SHOP:
        session.run_alone(statement)
    session.run_alone(f"CREATE VIEW late AS SELECT id, note FROM {schema}.orders WITH NO SCHEMA BINDING")
    return schema


def reader(session: Session) -> Rows:
    """Runs a query in a session and returns its rows as texts."""

    def rows(sql: str) -> list[tuple[str | None, ...]]:
        try:
            return list(session.run_alone(sql).rows)
        finally:
            session.connection.rollback()

    return rows


@pytest.fixture
def rows(session: Session) -> Rows:
    """Queries of the administrator."""
    return reader(session)


@pytest.fixture
def analyst(warehouse: Warehouse, shop: str, lake: Callable[[str], Path]) -> Iterator[str]:
    """The name of a user who may read `orders`."""
    name = f"analyst_{uuid.uuid4().hex[:8]}"
    with warehouse.connect(autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
        connection.execute(f"GRANT USAGE ON SCHEMA {shop} TO {name}".encode())
        connection.execute(f"GRANT SELECT ON {shop}.orders TO {name}".encode())
        yield name
        connection.execute(f"DROP OWNED BY {name}".encode())
        connection.execute(f"DROP ROLE {name}".encode())


@pytest.fixture
def analyst_rows(warehouse: Warehouse, analyst: str, lake: Callable[[str], Path]) -> Iterator[Rows]:
    """Queries of the analyst."""
    opened = Session(warehouse, Files(lake), query_id=2, user=analyst)
    yield reader(opened)
    opened.close()
