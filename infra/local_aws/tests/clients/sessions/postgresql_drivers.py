"""PostgreSQL's drivers for Python as an analyst uses them: psycopg2, psycopg 3 and asyncpg."""

from __future__ import annotations

import asyncio
import json
import os
import ssl

import asyncpg
import psycopg
import psycopg2

LABEL = "a\\b o'x \\' $$ %s $1 Zoë \\"
HIDDEN = "SELECT * FROM shop.buyers"


def reads_with_psycopg2() -> None:
    with psycopg2.connect("sslmode=verify-full") as connection:
        with connection.cursor("venues") as cursor:
            cursor.itersize = 2
            cursor.execute("SELECT TOP 3 name FROM shop.venues ORDER BY venue_id")
            assert [name for (name,) in cursor] == ["Arena", "Hall", "O'Brien \\ Söhne"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::VARCHAR, DATEDIFF(day, '2026-11-01', MAX(sold_at)) FROM shop.sales", (LABEL,))
            assert cursor.fetchone()[0] == LABEL


def stays_the_analyst_after_reset() -> None:
    """`reset()` of psycopg2 sends SET SESSION AUTHORIZATION DEFAULT."""
    connection = psycopg2.connect("sslmode=verify-full")
    connection.reset()
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in ("RESET SESSION AUTHORIZATION", "RESET ALL", "SELECT 1"):
            cursor.execute(statement)
            assert user_of(cursor) == os.environ["PGUSER"], statement
        try:
            cursor.execute(HIDDEN)
            raise AssertionError("the analyst has read the buyers")
        except psycopg2.errors.InsufficientPrivilege as error:
            assert "permission denied for relation buyers" in str(error), error
    connection.close()


def user_of(cursor: psycopg2.extensions.cursor) -> str:
    cursor.execute("SELECT current_user")
    (user,) = cursor.fetchone()
    return str(user)


def reads_with_psycopg() -> None:
    with psycopg.connect("sslmode=verify-full", prepare_threshold=1) as connection:
        for _ in range(3):  # the driver prepares a statement that it sends again
            row = connection.execute(
                "SELECT %s::VARCHAR, NVL(city, '-') FROM shop.venues WHERE venue_id = %s", (LABEL, 3)
            )
            assert row.fetchone() == (LABEL, "-")
        with connection.cursor("names") as cursor:
            cursor.execute("SELECT name FROM shop.venues ORDER BY venue_id")
            assert cursor.fetchmany(2) == [("Arena",), ("Hall",)]
        try:
            with connection.transaction(), connection.transaction():
                raise AssertionError("a savepoint was made")
        except psycopg.Error as error:
            assert 'syntax error at or near "SAVEPOINT"' in str(error), error


async def reads_with_asyncpg() -> None:
    context = ssl.create_default_context(cafile=os.environ["PGSSLROOTCERT"])
    connection = await asyncpg.connect(host="localhost", ssl=context)
    try:
        rows = await connection.fetch("SELECT name, city FROM shop.venues WHERE venue_id <= $1 ORDER BY 1", 2)
        assert [tuple(row) for row in rows] == [("Arena", "Austin"), ("Hall", "Ottawa")]
        payload = await connection.fetchval("SELECT JSON_SERIALIZE(payload) FROM shop.sales WHERE sale_id = 1")
        assert json.loads(payload) == {"seats": [{"row": "A", "n": 1}]}
    finally:
        await connection.close()


if __name__ == "__main__":
    reads_with_psycopg2()
    stays_the_analyst_after_reset()
    reads_with_psycopg()
    asyncio.run(reads_with_asyncpg())
