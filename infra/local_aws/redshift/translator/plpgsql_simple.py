"""Translates simple statements of a procedure's body: SQL, assignments, RAISE, cursors, COMMIT.

Dynamic SQL is translated when it runs: `rs.translated` looks for the translation among those that the session has
prepared, and asks for it by an error if there is none (see `calls`). It refuses `RAISE … USING`.
Source: https://docs.aws.amazon.com/redshift/latest/dg/c_pgplsql.html
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..errors import RefusedByRedshift, UnsupportedStatement
from . import query
from .lexer import quote_name
from .plpgsql_handlers import guard, raise_again
from .plpgsql_scope import Scope
from .reader import Reader

_COMMIT = "IF rs.commits_each_statement() THEN PERFORM rs.note_commit(); COMMIT; END IF;"
_UNGUARDED = ("COMMIT", "ROLLBACK", "RETURN", "EXIT", "CONTINUE", "NULL")
"""Statements that need no block of their own, or can't be in one."""


def translate_simple(reader: Reader, scope: Scope) -> str:
    """Translates the reader's statement, which has no semicolon. The result is empty for an empty statement."""
    if reader.done:
        return ""
    first_word = reader.tokens[0].upper
    is_assignment = _is_assignment(reader)
    statement = _translate(reader, scope)
    is_guarded = bool(scope.guarded_by) and first_word not in _UNGUARDED
    if is_guarded:
        if first_word == "CALL":  # a block can't hold a COMMIT, so the called procedure must not commit
            statement = f"{_set_guarded('on')}{statement}{_set_guarded('')}"
        statement = guard(statement, scope.guarded_by)
    if first_word == "TRUNCATE":
        return f"{statement}PERFORM rs.note_commit();\nCOMMIT;\n"
    commits = scope.nonatomic and not scope.in_protected and not is_assignment
    if commits and (first_word not in _WITHOUT_COMMIT or (first_word == "CALL" and is_guarded)):
        return f"{statement}{_COMMIT}\n"
    return statement


def _set_guarded(value: str) -> str:
    return f"PERFORM set_config('rs.is_guarded', '{value}', true);\n"


def _translate(reader: Reader, scope: Scope) -> str:
    for words, translate in _SIMPLE.items():
        if reader.peek(*words):
            return f"{translate(reader, scope)};\n"
    if _is_assignment(reader):
        return f"{_assignment(reader)};\n"
    return _sql(reader, scope)


def dynamic_text(expression: str) -> str:
    """The text of dynamic SQL, as an expression that gives its translation."""
    return f"rs.translated({query.expression(expression)})"


def _execute(reader: Reader, scope: Scope) -> str:
    reader.expect("EXECUTE")
    text = reader.until("INTO").rest()
    targets = ""
    if reader.accept("INTO"):
        targets = f" INTO {', '.join(part.name() for part in reader.split(','))}"
    reader.end()
    return f"EXECUTE {dynamic_text(text)}{targets}"


def _perform(reader: Reader, scope: Scope) -> str:
    raise UnsupportedStatement("PERFORM is not supported here; use SELECT … INTO a variable")


def _leave(reader: Reader, scope: Scope) -> str:
    statement = reader.next().upper
    if not reader.done and not reader.peek("WHEN"):
        statement += f" {quote_name(reader.word())}"
    if reader.accept("WHEN"):
        statement += f" WHEN {query.expression(reader.rest())}"
    return statement


def _return(reader: Reader, scope: Scope) -> str:
    reader.expect("RETURN")
    if not reader.done:
        raise RefusedByRedshift("RETURN of a procedure takes no value")
    return "RETURN"


def _null(reader: Reader, scope: Scope) -> str:
    reader.expect("NULL")
    reader.end()
    return "NULL"


def _raise(reader: Reader, scope: Scope) -> str:
    reader.expect("RAISE")
    if reader.done:
        if not scope.handler:
            raise RefusedByRedshift("RAISE without parameters is allowed in an exception handler only")
        return raise_again(scope.handler)
    level = reader.accept_any("NOTICE", "INFO", "LOG", "WARNING", "EXCEPTION", "DEBUG")
    if level is None:
        raise reader.error("expected a level: NOTICE, INFO, LOG, WARNING or EXCEPTION")
    if reader.done or reader.tokens[reader.at].kind != "string":
        raise reader.error("expected a format string")
    statement = f"RAISE {level} {_plain_string(reader)}"
    if reader.peek("USING"):
        raise RefusedByRedshift("RAISE … USING is not supported")
    if reader.accept(","):
        statement += "".join(f", {query.expression(part.rest())}" for part in reader.split(","))
    reader.end()
    return statement


def _plain_string(reader: Reader) -> str:
    return "'" + reader.string().replace("'", "''") + "'"


def _diagnostics(reader: Reader, scope: Scope) -> str:
    reader.expect("GET", "DIAGNOSTICS")
    name = reader.name()
    if not reader.accept_any(":=", "="):
        raise reader.error("expected :=")
    if not reader.accept("ROW_COUNT"):
        raise RefusedByRedshift("GET DIAGNOSTICS knows ROW_COUNT only")
    reader.end()
    return f"GET DIAGNOSTICS {name} = ROW_COUNT"


def _transaction(reader: Reader, scope: Scope) -> str:
    if scope.in_protected:
        raise RefusedByRedshift("COMMIT and ROLLBACK are not allowed in a block with an exception handler")
    statement = reader.next().upper
    reader.end()
    return f"PERFORM rs.note_commit();\n{statement}" if statement == "COMMIT" else statement


def _cursor(reader: Reader, scope: Scope) -> str:
    verb = reader.next().upper
    if verb == "FETCH":
        name = reader.name()
        reader.expect("INTO")
        targets = ", ".join(part.name() for part in reader.split(","))
        return f"FETCH {name} INTO {targets}"
    name = reader.name()
    if verb == "OPEN" and reader.peek("("):
        arguments = ", ".join(query.expression(part.rest()) for part in reader.parens().split(","))
        reader.end()
        return f"OPEN {name}({arguments})"
    if verb == "OPEN" and reader.accept("FOR"):
        if reader.accept("EXECUTE"):
            return f"OPEN {name} FOR EXECUTE {dynamic_text(reader.rest())}"
        return f"OPEN {name} FOR {query.select(reader.rest())}"
    reader.end()
    return f"{verb} {name}"


_SIMPLE: dict[tuple[str, ...], Callable[[Reader, Scope], str]] = {
    ("EXECUTE",): _execute,
    ("PERFORM",): _perform,
    ("EXIT",): _leave,
    ("CONTINUE",): _leave,
    ("RETURN",): _return,
    ("NULL",): _null,
    ("RAISE",): _raise,
    ("GET", "DIAGNOSTICS"): _diagnostics,
    ("COMMIT",): _transaction,
    ("ROLLBACK",): _transaction,
    ("OPEN",): _cursor,
    ("FETCH",): _cursor,
    ("CLOSE",): _cursor,
}


_WITHOUT_COMMIT = (frozenset(words[0] for words in _SIMPLE) - {"EXECUTE"}) | {"CALL", "SELECT", "WITH"}
"""First words of statements that change nothing themselves, or whose COMMIT is their own."""


def _is_assignment(reader: Reader) -> bool:
    texts = [token.text for token in reader.tokens[:5]]
    return bool({":=", "="} & set(texts[1:4:2]))


def _assignment(reader: Reader) -> str:
    target = reader.name()
    if not reader.accept_any(":=", "="):
        raise reader.error("expected :=")
    return f"{target} := {query.expression(reader.rest())}"


def _sql(reader: Reader, scope: Scope) -> str:
    """A SQL statement. SELECT must go INTO variables; anything else is translated like a single statement."""
    first_word = reader.tokens[0].upper
    if first_word in ("SELECT", "WITH"):
        return _select_into(reader)
    if first_word == "VACUUM":
        raise RefusedByRedshift("VACUUM inside a procedure is not supported")
    if first_word in ("UNLOAD", "REFRESH"):
        raise UnsupportedStatement(f"{first_word} inside a procedure is not supported here")
    if first_word == "COPY":
        raise UnsupportedStatement("COPY inside a procedure is not supported here")
    parts = [re.sub(r"^SELECT (?=rs\.|NULL)", "PERFORM ", part) for part in scope.translate(reader.rest())]
    text = "".join(f"{part};\n" for part in parts)
    if first_word == "TRUNCATE" and scope.in_protected:
        raise RefusedByRedshift("TRUNCATE commits and is not allowed in a block with an exception handler")
    return text


def _select_into(reader: Reader) -> str:
    depth = 0
    at = -1
    for i, token in enumerate(reader.tokens):
        depth += (token.text == "(") - (token.text == ")")
        if token.upper == "INTO" and depth == 0:
            at = i
            break
    if at < 0:  # fails when it runs, as in Redshift: query has no destination for result data
        return f"{query.select(reader.rest())};\n"
    into = Reader(reader.sql, reader.tokens[at + 1 :])
    targets = [into.name()]
    while into.accept(","):
        targets.append(into.name())
    select_list = reader.sql[reader.tokens[0].start : reader.tokens[at].start]
    return f"{query.select(select_list + into.rest())} INTO {', '.join(targets)};\n"
