"""The errors that are put into code: each is one change, and the code still parses."""

from __future__ import annotations

import ast

import pytest

from tests.mutation import python, sql


def changes(text: str, *, of: str = "sql") -> set[str]:
    return {mutant.change for mutant in (sql if of == "sql" else python).mutants(text)}


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("SELECT a FROM t WHERE a < 3", "< -> <="),
        ("SELECT a FROM t WHERE a < 3", "3 -> 4"),
        ("SELECT a FROM t WHERE NOT a", "NOT -> "),
        ("SELECT a FROM t WHERE a IS NULL GROUP BY a", "a IS NULL -> TRUE"),
        ("SELECT a FROM t WHERE a IS NOT NULL", "IS NOT -> IS"),
        ("SELECT a FROM t WHERE a AND b", "AND -> OR"),
        ("SELECT a FROM t WHERE a AND b BETWEEN 1 AND 2", "b BETWEEN 1 AND 2 -> TRUE"),
        ("SELECT a FROM t WHERE a OR (b AND c)", "(b AND c) -> FALSE"),
        ("SELECT a FROM t WHERE a OR (b AND c)", "b -> TRUE"),
        ("SELECT a FROM t LEFT JOIN u ON t.a = u.a", "LEFT -> INNER"),
        ("SELECT CASE WHEN s = 'off' THEN 1 END FROM t", "'off' -> 'OFF~'"),
        ("SELECT COUNT(DISTINCT a) FROM t ORDER BY b DESC", "DISTINCT -> "),
        ("SELECT MIN(a) FROM t", "MIN -> MAX"),
        ("CREATE PROCEDURE p() AS $$ BEGIN DELETE FROM t; END; $$ LANGUAGE plpgsql", "DELETE FROM t -> NULL"),
    ],
)
def test_an_error_in_sql(text: str, change: str) -> None:
    assert change in changes(text)


@pytest.mark.parametrize(
    "text", ["CREATE TEMP TABLE t (a VARCHAR(16) NOT NULL)", "DROP TABLE IF EXISTS t", "UPDATE t SET a = b"]
)
def test_declarations_and_assignments_in_sql_are_left_alone(text: str) -> None:
    assert changes(text) == set()


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("SELECT a FROM {{ t }} WHERE {{ a }}_sk = 3", "{{ a }}_sk = 3 -> TRUE"),
        ("SELECT a FROM t WHERE {{ is_on('t', day < 3) }} GROUP BY a", "{{ is_on('t', day < 3) }} -> TRUE"),
        ("{% for a in b if a < 3 %}SELECT a FROM t WHERE a = '{{ star.name }}'{% endfor %}", "= -> <>"),
        ("SELECT a FROM t WHERE a < 3 {{ '' if loop.last else 'UNION ALL' }} SELECT b FROM u", "a < 3 -> TRUE"),
        ("CREATE PROCEDURE {{ p }}() AS $$ BEGIN DELETE FROM {{ t }}; END; $$", "DELETE FROM {{ t }} -> NULL"),
    ],
)
def test_an_error_in_the_sql_of_a_template(text: str, change: str) -> None:
    assert change in changes(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a FROM {{ 't' if a < 3 else 'u' }}",
        "{% if a < 3 and not b %}SELECT a{% endif %} FROM t",
        "SELECT a FROM t {# a < 3 #}",
    ],
)
def test_the_marks_of_a_template_are_left_alone(text: str) -> None:
    assert changes(text) == set()


def test_no_error_takes_a_loop_apart() -> None:
    text = "SELECT a FROM t WHERE a {% for b in c %} AND {{ b }} < a {% endfor %}"
    assert "{{ b }} < a {% endfor %} -> TRUE" not in changes(text)
    assert "{{ b }} < a -> TRUE" in changes(text)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("if a < b: f()", "a < b -> (a <= b)"),
        ("if a: f()", "a -> (False)"),
        ("x = a and b", "a and b -> (b)"),
        ("x = not a", "not a -> (a)"),
        ("def f():\n    g()", "g() -> pass"),
        ("def f():\n    raise E", "raise E -> pass"),
        ("def f():\n    return [a, b]", "[a, b] -> ([b])"),
        ("def f():\n    return a", "return a -> return None"),
        ("x = f(a, b=c)", "f(a, b=c) -> (f(a))"),
        ("x = [a for a in b if a]", "a -> (True)"),
        ("x += 1", "x += 1 -> x = 1"),
        ('x = f"NOT {row}.a\\n    AND {row}.b IS NULL"', "{row}.b IS NULL -> TRUE"),
        ('x = f"SELECT a FROM {t} WHERE a < 3"', "< -> <="),
        ('f("SELECT a FROM t WHERE b")', "\"SELECT a FROM t WHERE b\" -> ('SELECT a FROM t WHERE TRUE')"),
    ],
)
def test_an_error_in_python(text: str, change: str) -> None:
    assert change in changes(text, of="python")


@pytest.mark.parametrize("text", ['"""A < b."""', "log.info(a < b)", "x: int", 'f"{a < b}"', "assert a < b"])
def test_messages_and_annotations_in_python_are_left_alone(text: str) -> None:
    assert changes(text, of="python") == set()


def test_every_error_in_python_still_parses_and_is_one_change() -> None:
    text = (
        "def f(a, *, b=1):\n"
        "    if a and (b or not a):\n"
        "        return sorted((x for x in a if x > 1), key=len)\n"
        "    raise ValueError(a)\n"
    )
    mutants = list(python.mutants(text))
    assert len(mutants) > 12
    for mutant in mutants:
        changed = mutant.apply(text)
        assert changed != text
        ast.parse(changed)
        assert changed.startswith(text[: mutant.start])
        assert changed.endswith(text[mutant.end :])
