"""Every statement ends, with a result or a known kind of error: deep, long, broken, and whatever is thrown."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local_aws.redshift import StatementError, Warehouse, translate
from infra.local_aws.redshift.data_api.statements import Request, StatementStore
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.transfer.objects import Files

from .statements_that_fail import idioms, limits, other_databases

_WORDS = r"""
    SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT OFFSET QUALIFY UNION ALL EXCEPT INTERSECT WITH RECURSIVE AS IN NOT
    NULL IS LIKE BETWEEN AND OR CASE WHEN THEN ELSE END CAST INTERVAL DATE TIMESTAMP DISTINCT TOP JOIN LEFT ON USING
    OVER PARTITION ROWS UNBOUNDED PRECEDING INSERT INTO VALUES UPDATE SET DELETE MERGE CREATE TABLE VIEW ALTER DROP
    PIVOT UNPIVOT EXISTS ANY cust stage id email x 1 2.5 .5 1e3 'a' 'it''s' "q" ( ) [ ] { } , ; . * + - / % = < > !
    | || :: : := => -> ~ @ # $ $1 $$ ? ^ & -- /* */ ` \\ ' " sum count max rank listagg dateadd getdate sysdate
    current_date default escape
""".split()  # noqa: SIM905 - a page of words reads better than a page of quotes
_STATEMENTS = [sql for sql, _ in [*idioms(), *other_databases(), *limits()] if len(sql) < 500]


def _translate(sql: str) -> None:
    """Translates a statement; an error that is not one of ours fails the test."""
    try:
        translate(sql)
    except StatementError as error:
        assert str(error)


@settings(max_examples=400, deadline=10_000, database=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=25))
def test_words_in_any_order_are_translated_or_refused(words: list[str]) -> None:
    _translate(" ".join(words))


@settings(max_examples=300, deadline=10_000, database=None)
@given(st.sampled_from(_STATEMENTS), st.randoms(use_true_random=False))
def test_a_damaged_statement_is_translated_or_refused(sql: str, chance: random.Random) -> None:
    words = sql.split(" ")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(words))
        words[at : at + chance.randint(0, 2)] = [chance.choice(_WORDS)] * chance.randint(0, 2) or [words[at]] * 2
    _translate(" ".join(words))


@settings(max_examples=200, deadline=10_000, database=None)
@given(st.text(alphabet="'\"$-/*\\;()[]{}:.,ab1 \n\0é", max_size=60))
def test_any_characters_are_translated_or_refused(text: str) -> None:
    _translate("SELECT " + text)


_DEEP = {
    "parentheses": "SELECT " + "(" * 5000 + "1" + ")" * 5000,
    "open parentheses": "SELECT " + "(" * 50_000,
    "brackets": "SELECT id" + "[1]" * 5000 + " FROM cust",
    "subqueries": "SELECT * FROM " + "(SELECT * FROM " * 2000 + "cust" + ")" * 2000,
    "case": "SELECT " + "CASE WHEN 1=1 THEN " * 2000 + "1" + " END" * 2000,
    "calls": "SELECT " + "ABS(" * 5000 + "1" + ")" * 5000,
    "not": "SELECT " + "NOT " * 5000 + "TRUE",
    "comments": "SELECT 1 " + "/*" * 20_000 + "*/",
    "quotes": "SELECT " + "'" * 50_001,
    "columns": "SELECT " + ", ".join(["id"] * 5000) + " FROM cust",
}
_LONG = {
    "or": "SELECT COUNT(*) FROM cust WHERE " + " OR ".join(f"id = {i}" for i in range(3000)),
    "in": "SELECT COUNT(*) FROM cust WHERE id IN (" + ", ".join(map(str, range(5000))) + ")",
    "union": " UNION ALL ".join(["SELECT 1"] * 2000),
    "nested": "SELECT " + "(" * 300 + "1" + ")" * 300,
}


@pytest.fixture
def store(warehouse: Warehouse, schema: str, lake: Callable[[str], Path]) -> StatementStore:
    return StatementStore(warehouse, lambda: Files(lake))


def _end(store: StatementStore, sqls: list[str]) -> tuple[str, str]:
    """Submits a request; returns its final state and its error."""
    request = Request(sqls, len(sqls) > 1, False, {}, "dev", {})
    identifier = store.submit(request).id
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        statement = store.get(identifier)
        assert statement is not None
        if not statement.is_active:
            assert not any(part.is_active for part in statement.parts)
            return statement.status, statement.error or ""
        time.sleep(0.01)
    raise AssertionError("the statement did not end")


@pytest.mark.parametrize("sql", _DEEP.values(), ids=_DEEP)
def test_a_statement_that_nests_too_deep_fails_with_a_reason(store: StatementStore, sql: str) -> None:
    assert _end(store, ["CREATE TABLE cust (id INT)"])[0] == "FINISHED"
    status, error = _end(store, [sql])
    assert status == "FAILED"
    assert error.startswith("ERROR: ")


@pytest.mark.parametrize("sql", _LONG.values(), ids=_LONG)
def test_a_long_statement_runs(store: StatementStore, sql: str) -> None:
    assert _end(store, ["CREATE TABLE cust (id INT)"])[0] == "FINISHED"
    assert _end(store, [sql]) == ("FINISHED", "")


@pytest.mark.parametrize("thrown", [KeyboardInterrupt, SystemExit, MemoryError, RecursionError, GeneratorExit])
@pytest.mark.parametrize("sqls", [["SELECT 1"], ["SELECT 1", "SELECT 2"]], ids=["one", "batch"])
def test_a_statement_fails_whatever_is_thrown(
    store: StatementStore, monkeypatch: pytest.MonkeyPatch, thrown: type[BaseException], sqls: list[str]
) -> None:
    def throw(*_: object) -> NoReturn:
        raise thrown

    with monkeypatch.context() as patched:
        patched.setattr(Session, "run", throw)
        status, error = _end(store, sqls)
    assert status == "FAILED"
    assert "ERROR: " in error
    assert _end(store, ["SELECT 1"]) == ("FINISHED", "")


def test_a_statement_whose_thread_has_vanished_has_failed(
    store: StatementStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_run", lambda _statement: None)
    status, error = _end(store, ["SELECT 1"])
    assert status == "FAILED"
    assert "lost the statement's thread" in error
