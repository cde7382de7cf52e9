"""The warehouse's port for Redshift's clients, compared with the PostgreSQL behind it.

Both sides are psycopg on the same server. Ours connects to the port, which reads, translates and relays; theirs
connects to PostgreSQL's own Unix socket with the same statement in PostgreSQL's words. Small queries are one row each.
They are also measured while eight sessions of the Data API, in the same process as the port, run statements without a
pause. The memory is that of the server's process after it has relayed a million rows, over before.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import boto3
import psutil
import psycopg

from infra.local_aws import LocalAws
from tests.bench.harness import Comparison, Figure, Finding, Options, compare

_BUSY_SESSIONS = 8
_ROWS = """SELECT n AS id, n * 1.5 AS amount, md5(n::text) AS name, n % 100 AS kind,
  DATE '2026-01-01' + (n % 365) AS day FROM generate_series(1, {rows}) AS s (n)"""
_unique = itertools.count()


def measure(options: Options) -> Iterator[Finding]:
    """Compare the port with PostgreSQL."""
    rows, queries = options.size(1_000_000, 100_000), options.size(1000, 200)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="boxoffice-bench-")))
        server = stack.enter_context(LocalAws(folder / "aws"))
        direct = stack.enter_context(psycopg.connect(server.postgresql_dsn, autocommit=True))
        plain = stack.enter_context(psycopg.connect(server.warehouse_dsn, autocommit=True, sslmode="disable"))
        encrypted = stack.enter_context(psycopg.connect(server.warehouse_dsn, autocommit=True, sslmode="require"))
        direct.execute(f"CREATE TABLE million AS {_ROWS.format(rows=rows)}")
        direct.execute("VACUUM ANALYZE million")
        yield from _small_queries(direct, plain, queries, options.rounds)
        with busy(server):
            yield _extra(
                direct, plain, queries, options.rounds, _known, "a known query, while the Data API is busy", 10
            )
        before = psutil.Process(server.pid).memory_info().rss
        for name, connection in (("", plain), (" with TLS", encrypted)):
            yield _fetching(direct, connection, rows, options.rounds, name)
        grown = (psutil.Process(server.pid).memory_info().rss - before) / 1e6
        yield Figure("memory of the server after the rows, over before", grown, "MB", at_most=20)
        yield from _many_connections(server, options.size(300, 50))


def _small_queries(direct: psycopg.Connection, ours: psycopg.Connection, queries: int, rounds: int) -> Iterator[Figure]:
    yield _extra(direct, ours, queries, rounds, _known, "a query whose text is known", 1)
    yield _extra(direct, ours, queries, rounds, _new, "a query whose text is new", None)


def _extra(
    direct: psycopg.Connection,
    ours: psycopg.Connection,
    queries: int,
    rounds: int,
    text: Callable[[], str],
    subject: str,
    at_most: float | None,
) -> Figure:
    """Milliseconds that the port adds to a query: the median over the rounds."""
    comparison = compare(
        subject, lambda: _repeat(ours, queries, text), lambda: _repeat(direct, queries, text), against="", rounds=rounds
    )
    extra = statistics.median(comparison.ours) - statistics.median(comparison.theirs)
    return Figure(f"added to {subject}", extra / queries * 1000, "ms", at_most)


def _known() -> str:
    return "SELECT id, name FROM million WHERE id = 4711 LIMIT 1"


def _new() -> str:
    return f"SELECT {next(_unique)} AS number"


def _repeat(connection: psycopg.Connection, queries: int, text: Callable[[], str]) -> None:
    for _ in range(queries):
        connection.execute(text()).fetchone()


def _fetching(direct: psycopg.Connection, ours: psycopg.Connection, rows: int, rounds: int, name: str) -> Comparison:
    return compare(
        f"fetching {rows:,} rows of 5 columns{name}",
        lambda: _fetch(ours, rows),
        lambda: _fetch(direct, rows),
        against="PostgreSQL's socket",
        rounds=rounds,
        at_most=None if name else 1.2,
    )


def _fetch(connection: psycopg.Connection, rows: int) -> None:
    fetched = connection.execute("SELECT id, amount, name, kind, day FROM million").fetchall()
    assert len(fetched) == rows


def _many_connections(server: LocalAws, count: int) -> Iterator[Figure]:
    process = psutil.Process(server.pid)
    before = process.memory_info().rss
    with ExitStack() as stack:
        began = time.perf_counter()
        connections = [stack.enter_context(psycopg.connect(server.warehouse_dsn)) for _ in range(count)]
        yield Figure("a connection with TLS", (time.perf_counter() - began) / count * 1000, "ms")
        for connection in connections:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        grown = (process.memory_info().rss - before) / 1e6 / count
        yield Figure(f"memory of the server for each of {count} connections", grown, "MB")


@contextmanager
def busy(server: LocalAws) -> Iterator[None]:
    """Sessions of the Data API run new statements without a pause."""
    ended = threading.Event()

    def submit() -> None:
        client = boto3.Session("local", "local", region_name="us-east-1").client(
            "redshift-data", endpoint_url=server.url
        )
        while not ended.is_set():
            statement = client.execute_statement(WorkgroupName="bench", Database="dev", Sql=_new())["Id"]
            while client.describe_statement(Id=statement)["Status"] not in ("FINISHED", "FAILED", "ABORTED"):
                time.sleep(0.001)

    threads = [threading.Thread(target=submit) for _ in range(_BUSY_SESSIONS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
