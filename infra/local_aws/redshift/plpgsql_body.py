"""Bodies of stored procedures, statement by statement: each SQL statement and expression inside is translated too.

What Redshift's PL/pgSQL refuses is refused: handlers that swallow an error, cursor loops inside cursor loops, dynamic
EXECUTE of text that nobody translated, `RAISE … USING`.
Source: https://docs.aws.amazon.com/redshift/latest/dg/c_pgplsql.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from . import query
from .datatypes import read_type
from .errors import RefusedByRedshift, StatementError, UnsupportedStatement
from .lexer import quote_name
from .reader import Reader

_SWALLOW = (
    "an exception block always ends by raising the error again in Redshift and cannot write after it rolled back; "
    "end the handler with RAISE EXCEPTION and let the caller log"
)
_COMMIT = "IF rs.commits_each_statement() THEN COMMIT; END IF;"


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where in the body we are.

    Attributes:
        nonatomic: Statements commit one by one.
        in_handler: Inside EXCEPTION WHEN OTHERS.
        in_protected: Inside a block that has an exception handler, where PostgreSQL cannot commit.
        in_cursor: Inside a loop over a query.
    """

    nonatomic: bool
    in_handler: bool = False
    in_protected: bool = False
    in_cursor: bool = False

    def but(self, **changes: bool) -> _Scope:
        """The same place with some facts changed."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return _Scope(**(values | changes))


def translate_body(body: str, nonatomic: bool = False) -> str:
    """Translate a procedure's body.

    Raises:
        RefusedByRedshift, UnsupportedStatement: As for single statements, for anything inside.
    """
    reader = Reader(body)
    made = _block(reader, _Scope(nonatomic))
    reader.accept(";")
    if not reader.done:
        raise reader.error("expected the end of the procedure")
    return made


def _block(reader: Reader, scope: _Scope) -> str:
    label = _label(reader)
    declarations = _declarations(reader) if reader.accept("DECLARE") else ""
    reader.expect("BEGIN")
    guarded = scope.but(in_protected=scope.in_protected or _has_handler(reader))
    body = _statements(reader, guarded, "EXCEPTION", "END")
    handler = ""
    if reader.accept("EXCEPTION"):
        handler = _handler(reader, guarded)
    reader.expect("END")
    if not reader.done and not reader.peek(";"):
        reader.word()
    return f"{label}{declarations}BEGIN\n{body}{handler}END;\n"


def _has_handler(reader: Reader) -> bool:
    """Whether the block that just began has an EXCEPTION part of its own."""
    depth, at = 1, reader.at
    tokens = reader.tokens
    while at < len(tokens) and depth:
        word = tokens[at].upper
        before = tokens[at - 1].upper
        if word in ("BEGIN", "CASE", "IF", "LOOP") and before != "END":
            is_clause = word == "IF" and before in ("TABLE", "VIEW", "SCHEMA", "PROCEDURE")  # DROP TABLE IF EXISTS
            depth += not is_clause
        elif word == "END":
            depth -= 1
        elif word == "EXCEPTION" and depth == 1 and before != "RAISE":
            return True
        at += 1
    return False


def _label(reader: Reader) -> str:
    if not reader.accept("<<"):
        return ""
    name = reader.word()
    reader.expect(">>")
    return f"<<{quote_name(name)}>>\n"


def _declarations(reader: Reader) -> str:
    made = "DECLARE\n"
    while not reader.peek("BEGIN"):
        with _located(reader):
            made += f"  {_declaration(_until_semicolon(reader))};\n"
    return made


def _declaration(reader: Reader) -> str:
    name = quote_name(reader.word())
    constant = " CONSTANT" if reader.accept("CONSTANT") else ""
    if reader.accept("ALIAS", "FOR"):
        raise UnsupportedStatement("ALIAS FOR is not known here; name the argument")
    if reader.accept("CURSOR"):
        if reader.peek("("):
            raise UnsupportedStatement("cursors with arguments are not known here")
        reader.expect("FOR")
        return f"{name} CURSOR FOR {query.select(reader.rest())}"
    kind = _variable_type(reader)
    required = " NOT NULL" if reader.accept("NOT", "NULL") else ""
    value = ""
    if reader.accept_any("DEFAULT", ":=", "="):
        value = f" := {query.expression(reader.rest())}"
    else:
        reader.end()
    return f"{name}{constant} {kind}{required}{value}"


def _variable_type(reader: Reader) -> str:
    """A data type, `table%ROWTYPE` or `column%TYPE`."""
    if any(token.text == "%" for token in reader.tokens[reader.at : reader.at + 6]):
        name = reader.name()
        reader.expect("%")
        which = reader.accept_any("ROWTYPE", "TYPE")
        if which is None:
            raise reader.error("expected TYPE or ROWTYPE")
        return f"{name}%{which}"
    return read_type(reader, in_table=False).postgres


def _until_semicolon(reader: Reader) -> Reader:
    start = reader.at
    while not reader.peek(";"):
        reader.next()
    found = Reader(reader.sql, reader.tokens[start : reader.at])
    reader.expect(";")
    return found


def _statements(reader: Reader, scope: _Scope, *stops: str) -> str:
    made = ""
    while not any(reader.peek(stop) for stop in stops):
        if reader.done:
            raise reader.error(f"expected {stops[-1]}")
        made += _statement(reader, scope)
    return made


def _handler(reader: Reader, scope: _Scope) -> str:
    reader.expect("WHEN")
    condition = reader.word()
    if condition != "others":
        raise RefusedByRedshift(f'unrecognized exception condition "{condition}": only OTHERS is supported')
    reader.expect("THEN")
    start = reader.at
    body = _statements(reader, scope.but(in_handler=True), "WHEN", "END")
    if reader.peek("WHEN"):
        raise RefusedByRedshift("an exception block has one handler, WHEN OTHERS")
    last = [i for i in range(start, reader.at) if reader.tokens[i].text == ";"]
    begin = last[-2] + 1 if len(last) > 1 else start
    words = [token.upper for token in reader.tokens[begin : begin + 2]]
    if words != ["RAISE", "EXCEPTION"] and words != ["RAISE", ";"]:
        raise RefusedByRedshift(_SWALLOW)
    return f"EXCEPTION WHEN OTHERS THEN\n{body}"


def _statement(reader: Reader, scope: _Scope) -> str:
    with _located(reader):
        return _one_statement(reader, scope)


@contextmanager
def _located(reader: Reader) -> Iterator[None]:
    """Faults inside are at the token that comes next now, unless a statement further in has located them already."""
    start = 0 if reader.done else reader.tokens[reader.at].start
    try:
        yield
    except StatementError as error:
        error.offset = error.offset or start
        raise


def _one_statement(reader: Reader, scope: _Scope) -> str:
    for words, translate in _COMPOUND.items():
        if reader.peek(*words):
            return translate(reader, scope)
    if reader.peek("END"):
        raise reader.error()
    return _simple(_until_semicolon(reader), scope)


def _simple(reader: Reader, scope: _Scope) -> str:
    if reader.done:
        return ""
    for words, translate in _SIMPLE.items():
        if reader.peek(*words):
            return f"{translate(reader, scope)};\n"
    if _is_assignment(reader):
        return f"{_assignment(reader)};\n"
    return _sql(reader, scope)


def _if(reader: Reader, scope: _Scope) -> str:
    reader.expect("IF")
    made = f"IF {_condition(reader, 'THEN')} THEN\n{_statements(reader, scope, 'ELSIF', 'ELSEIF', 'ELSE', 'END')}"
    while reader.accept("ELSIF") or reader.accept("ELSEIF"):
        body = _condition(reader, "THEN"), _statements(reader, scope, "ELSIF", "ELSEIF", "ELSE", "END")
        made += f"ELSIF {body[0]} THEN\n{body[1]}"
    if reader.accept("ELSE"):
        made += f"ELSE\n{_statements(reader, scope, 'END')}"
    reader.expect("END", "IF", ";")
    return made + "END IF;\n"


def _condition(reader: Reader, stop: str) -> str:
    text = reader.until(stop).rest()
    reader.expect(stop)
    return query.expression(text)


def _case(reader: Reader, scope: _Scope) -> str:
    reader.expect("CASE")
    made = "CASE" if reader.peek("WHEN") else f"CASE {query.expression(reader.until('WHEN').rest())}"
    while reader.accept("WHEN"):
        made += f"\nWHEN {_condition(reader, 'THEN')} THEN\n{_statements(reader, scope, 'WHEN', 'ELSE', 'END')}"
    if reader.accept("ELSE"):
        made += f"ELSE\n{_statements(reader, scope, 'END')}"
    reader.expect("END", "CASE", ";")
    return made + "END CASE;\n"


def _loop(reader: Reader, scope: _Scope) -> str:
    reader.expect("LOOP")
    body = _statements(reader, scope, "END")
    reader.expect("END", "LOOP")
    if not reader.peek(";"):
        reader.word()
    reader.expect(";")
    return f"LOOP\n{body}END LOOP;\n"


def _while(reader: Reader, scope: _Scope) -> str:
    reader.expect("WHILE")
    condition = query.expression(reader.until("LOOP").rest())
    return f"WHILE {condition} {_loop(reader, scope)}"


def _for(reader: Reader, scope: _Scope) -> str:
    reader.expect("FOR")
    variables = [reader.name()]
    while reader.accept(","):
        variables.append(reader.name())
    reader.expect("IN")
    head = f"FOR {', '.join(variables)} IN"
    reverse = " REVERSE" if reader.accept("REVERSE") else ""
    source = reader.until("LOOP")
    if source.peek("EXECUTE"):
        raise RefusedByRedshift(_DYNAMIC)
    if not source.peek("SELECT") and not source.peek("WITH") and not source.peek("("):
        return f"{head}{reverse} {_range(source)} {_loop(reader, scope)}"
    if scope.in_cursor:
        raise RefusedByRedshift("only one cursor can be open at a time: a loop over a query cannot hold another one")
    return f"{head} {query.select(source.rest())} {_loop(reader, scope.but(in_cursor=True))}"


def _range(source: Reader) -> str:
    low, separator, high = (source.until("..").rest(), source.accept(".."), source.until("BY").rest())
    if not separator:
        raise source.error("expected ..")
    made = f"{query.expression(low)} .. {query.expression(high)}"
    if source.accept("BY"):
        made += f" BY {query.expression(source.rest())}"
    return made


def _nested(reader: Reader, scope: _Scope) -> str:
    made = _block(reader, scope)
    reader.expect(";")
    return made


def _labelled(reader: Reader, scope: _Scope) -> str:
    if reader.tokens[reader.at + 3].upper in ("BEGIN", "DECLARE"):
        return _nested(reader, scope)
    return _label(reader) + _statement(reader, scope)


_Translator = Callable[[Reader, _Scope], str]
_COMPOUND: dict[tuple[str, ...], _Translator] = {
    ("IF",): _if,
    ("CASE",): _case,
    ("LOOP",): _loop,
    ("WHILE",): _while,
    ("FOR",): _for,
    ("BEGIN",): _nested,
    ("DECLARE",): _nested,
    ("<<",): _labelled,
}
_DYNAMIC = "EXECUTE of dynamic SQL is refused here: nobody translated or checked its text; write static SQL"


def _execute(reader: Reader, scope: _Scope) -> str:
    raise RefusedByRedshift(_DYNAMIC)


def _perform(reader: Reader, scope: _Scope) -> str:
    raise UnsupportedStatement("PERFORM is not known here; use SELECT … INTO a variable")


def _leave(reader: Reader, scope: _Scope) -> str:
    made = reader.next().upper
    if not reader.done and not reader.peek("WHEN"):
        made += f" {quote_name(reader.word())}"
    if reader.accept("WHEN"):
        made += f" WHEN {query.expression(reader.rest())}"
    return made


def _return(reader: Reader, scope: _Scope) -> str:
    reader.expect("RETURN")
    if not reader.done:
        raise RefusedByRedshift("RETURN of a procedure takes no value")
    return "RETURN"


def _null(reader: Reader, scope: _Scope) -> str:
    reader.expect("NULL")
    reader.end()
    return "NULL"


def _raise(reader: Reader, scope: _Scope) -> str:
    reader.expect("RAISE")
    if reader.done:
        return "RAISE"
    level = reader.accept_any("NOTICE", "INFO", "LOG", "WARNING", "EXCEPTION", "DEBUG")
    if level is None:
        raise reader.error("expected a level: NOTICE, INFO, LOG, WARNING or EXCEPTION")
    if reader.done or reader.tokens[reader.at].kind != "string":
        raise reader.error("expected a format string")
    made = f"RAISE {level} {_plain_string(reader)}"
    if reader.peek("USING"):
        raise RefusedByRedshift("RAISE … USING is not supported")
    if reader.accept(","):
        made += "".join(f", {query.expression(part.rest())}" for part in reader.split(","))
    reader.end()
    return made


def _plain_string(reader: Reader) -> str:
    return "'" + reader.string().replace("'", "''") + "'"


def _diagnostics(reader: Reader, scope: _Scope) -> str:
    reader.expect("GET", "DIAGNOSTICS")
    name = reader.name()
    if not reader.accept_any(":=", "="):
        raise reader.error("expected :=")
    if not reader.accept("ROW_COUNT"):
        raise RefusedByRedshift("GET DIAGNOSTICS knows ROW_COUNT only")
    reader.end()
    return f"GET DIAGNOSTICS {name} = ROW_COUNT"


def _transaction(reader: Reader, scope: _Scope) -> str:
    if scope.in_protected:
        raise RefusedByRedshift("COMMIT and ROLLBACK are not allowed in a block with an exception handler")
    made = reader.next().upper
    reader.end()
    return made


def _cursor(reader: Reader, scope: _Scope) -> str:
    verb = reader.next().upper
    if verb == "FETCH":
        name = reader.name()
        reader.expect("INTO")
        targets = ", ".join(part.name() for part in reader.split(","))
        return f"FETCH {name} INTO {targets}"
    name = reader.name()
    if verb == "OPEN" and reader.accept("FOR"):
        if reader.peek("EXECUTE"):
            raise RefusedByRedshift(_DYNAMIC)
        return f"OPEN {name} FOR {query.select(reader.rest())}"
    reader.end()
    return f"{verb} {name}"


_SIMPLE: dict[tuple[str, ...], _Translator] = {
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


def _is_assignment(reader: Reader) -> bool:
    texts = [token.text for token in reader.tokens[:5]]
    return ":=" in texts[1:4:2]


def _assignment(reader: Reader) -> str:
    target = reader.name()
    reader.expect(":=")
    return f"{target} := {query.expression(reader.rest())}"


def _sql(reader: Reader, scope: _Scope) -> str:
    """A SQL statement. SELECT must go INTO variables; anything else is translated as if it stood alone."""
    if scope.in_handler:
        raise RefusedByRedshift(_SWALLOW)
    first = reader.tokens[0].upper
    if first in ("SELECT", "WITH"):
        return _select_into(reader)
    if first in ("VACUUM", "UNLOAD", "REFRESH"):
        raise UnsupportedStatement(f"{first} inside a procedure is not known here")
    if first == "COPY":
        raise UnsupportedStatement("COPY inside a procedure is not known here")
    from .translation import statements  # the two modules read each other's statements

    made = [re.sub(r"^SELECT (?=rs\.|NULL)", "PERFORM ", part) for part in statements(reader.rest())]
    text = "".join(f"{part};\n" for part in made)
    if first == "TRUNCATE":
        if scope.in_protected:
            raise RefusedByRedshift("TRUNCATE commits and is not allowed in a block with an exception handler")
        return text + "COMMIT;\n"
    commits = scope.nonatomic and not scope.in_protected and first != "CALL"
    return text + (f"{_COMMIT}\n" if commits else "")


def _select_into(reader: Reader) -> str:
    depth = 0
    at = -1
    for i, token in enumerate(reader.tokens):
        depth += (token.text == "(") - (token.text == ")")
        if token.upper == "INTO" and depth == 0:
            at = i
            break
    if at < 0:
        raise RefusedByRedshift("query has no destination for result data: SELECT needs INTO in a procedure")
    into = Reader(reader.sql, reader.tokens[at + 1 :])
    targets = [into.name()]
    while into.accept(","):
        targets.append(into.name())
    before = reader.sql[reader.tokens[0].start : reader.tokens[at].start]
    return f"{query.select(before + into.rest())} INTO {', '.join(targets)};\n"
