"""Taking SQL files apart."""

from __future__ import annotations

import pytest

from warehouse.statements import split, without_noise


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
