"""Taking SQL files apart."""

from __future__ import annotations

import pytest

from warehouse.statements import split, without_noise, without_words


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
    ],
)
def test_a_semicolon_ends_a_statement_only_between_tokens(sql: str, statements: list[str]) -> None:
    assert split(sql) == statements


@pytest.mark.parametrize("sql", ["SELECT 'open", "AS $$ BEGIN", "SELECT 1 /* open"])
def test_what_is_not_closed_is_an_error(sql: str) -> None:
    with pytest.raises(ValueError, match="not closed"):
        split(sql)


def test_noise_is_blanked_line_by_line() -> None:
    sql = "SELECT 'LIMIT' -- RETURNING\nAS $$ x := 'ARRAY[1]'; $$"
    assert without_noise(sql) == "SELECT                     \nAS $$ x :=           ; $$"


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
    assert without_words(same).replace("( ", "(").replace(" )", ")") == "CREATE TABLE a (b INTEGER, c VARCHAR(4)) ;"


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
