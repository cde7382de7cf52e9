"""Taking SQL files apart."""

from __future__ import annotations

import pytest

from infra.local_aws.redshift.translator.lexer import tokenize
from infra.local_aws.redshift.translator.splitting import split_statements
from warehouse.migrate import Step, steps
from warehouse.statements import is_complete, split, without_words


@pytest.mark.parametrize(
    ("sql", "statements"),
    [
        ("SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';';", ["SELECT ';'"]),
        ("SELECT 'it''s; so' ;;", ["SELECT 'it''s; so'"]),
        ('SELECT "a;b"', ['SELECT "a;b"']),
        ("-- it's; a comment\nSELECT 1", ["SELECT 1"]),
        ("/* ; */ SELECT 1", ["SELECT 1"]),
        ("AS $$ BEGIN x; -- don't; END; $$ y; SELECT 2", ["AS $$ BEGIN x; -- don't; END; $$ y", "SELECT 2"]),
        ("AS $body$ a; $$ b; $body$; SELECT 2", ["AS $body$ a; $$ b; $body$", "SELECT 2"]),
        (" ; \n", []),
        ("CALL p('a;b'); SHOW x;", ["CALL p('a;b')", "SHOW x"]),
        (r"SELECT 'a\';b'; SELECT 2", [r"SELECT 'a\';b'", "SELECT 2"]),
    ],
)
def test_a_semicolon_ends_a_statement_only_between_tokens(sql: str, statements: list[str]) -> None:
    assert split(sql) == statements


@pytest.mark.parametrize("sql", ["SELECT 'open", "AS $$ BEGIN", "SELECT 1 /* open"])
def test_what_is_not_closed_is_an_error(sql: str) -> None:
    with pytest.raises(ValueError, match="not closed"):
        split(sql)


@pytest.mark.parametrize("sql", ["SELECT 1;", "SELECT 1; -- done;", "SELECT 1 ;\n", "CALL p('a;b');", "AS $$ a; $$;"])
def test_a_semicolon_completes_what_is_typed(sql: str) -> None:
    assert is_complete(sql)


@pytest.mark.parametrize("sql", ["", "SELECT 1", "SELECT ';", "SELECT 1 -- ;", "AS $$ a;", "SELECT 1 /* ;"])
def test_a_semicolon_inside_completes_nothing(sql: str) -> None:
    assert not is_complete(sql)


@pytest.mark.parametrize("step", steps(), ids=lambda step: step.name)
def test_the_local_aws_cuts_the_same_statements(step: Step) -> None:
    """Both split by the same library, because neither house may import the other."""
    ours = split(step.text)
    theirs = split_statements(step.text)
    assert [_words(statement) for statement in ours] == [_words(statement) for statement in theirs]
    assert ours


ODD = (
    "SELECT 'a\\';b'; SELECT 2",
    "CALL sp_log('a; b'); VACUUM FULL t; SELECT 1",
    "/* a; /* nested; */ */ SELECT 1; -- b; c\nSELECT 2",
    'SELECT "a;""b"; SELECT $$ c; $$; ;;',
)


@pytest.mark.parametrize("sql", ODD)
def test_the_local_aws_cuts_odd_texts_the_same(sql: str) -> None:
    assert [_words(statement) for statement in split(sql)] == [_words(statement) for statement in split_statements(sql)]


def test_comments_between_statements_are_dropped_and_the_layout_is_kept() -> None:
    sql = "SELECT a, -- the first\n    b -- the second\n  FROM t -- end\n; -- next\nSELECT 1 /* one */ + 2"
    assert split(sql) == ["SELECT a,\n    b\n  FROM t", "SELECT 1 + 2"]


@pytest.mark.parametrize(
    "same",
    [
        "CREATE TABLE a (b INTEGER, c VARCHAR(4));",
        "-- why\nCREATE TABLE a (\n    b INTEGER, -- of pages\n    c VARCHAR(4)\n);\n",
        "/* why */ CREATE  TABLE a (b INTEGER, c /* short */ VARCHAR(4));\r\n",
    ],
)
def test_comments_and_layout_are_no_statement(same: str) -> None:
    # a blank may separate words that a bracket separates, too
    assert without_words(same).replace("( ", "(").replace(" )", ")") == "CREATE TABLE a (b INTEGER, c VARCHAR(4))"


def test_comments_in_a_body_are_words_too() -> None:
    assert without_words("AS $$ BEGIN -- first\n x; END; $$") == without_words("AS $$ BEGIN x; -- then\nEND; $$")


@pytest.mark.parametrize(
    "other",
    [
        "INSERT INTO a VALUES ('x  y')",
        "INSERT INTO a VALUES ('x -- y')",
        "INSERT INTO a VALUES ('x y'); DELETE FROM a",
        "INSERT INTO \"a\" VALUES ('x y')",
    ],
)
def test_strings_names_and_statements_are_no_words(other: str) -> None:
    assert without_words(other) != without_words("INSERT INTO a VALUES ('x y')")


def _words(statement: str) -> list[str]:
    return [token.text for token in tokenize(statement)]
