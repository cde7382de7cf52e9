"""CREATE TABLE and ALTER TABLE.

Distribution and encodings are checked and dropped: they affect speed, not results. The first column of a sort key
becomes an index, so that a statement about one day skips other days, as in Redshift. As in Redshift, keys are parsed
but not enforced, so a local run sees the same duplicates as a run in an account. VARCHAR limits become checks of bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import query
from .datatypes import DataType, read_type
from .errors import RefusedByRedshift
from .lexer import quote_literal, quote_name
from .reader import Reader

_COLUMN_WORDS = (
    "DEFAULT", "IDENTITY", "GENERATED", "ENCODE", "DISTKEY", "SORTKEY", "COLLATE", "NOT", "NULL", "UNIQUE", "PRIMARY",
    "REFERENCES",
)  # fmt: skip
ENCODINGS = frozenset(
    "raw az64 bytedict delta delta32k lzo mostly8 mostly16 mostly32 runlength text255 text32k zstd auto".split()  # noqa: SIM905
)


@dataclass(slots=True)
class _Table:
    """The state of a table's definition while it is read."""

    columns: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    primary_key: list[str] = field(default_factory=list)
    not_null: set[str] = field(default_factory=set)
    distkey: str = ""
    sortkeys: list[str] = field(default_factory=list)
    identity: str = ""


def byte_check(column: str, kind: DataType) -> str:
    """The CHECK that makes VARCHAR(n) and CHAR(n) count bytes. Its name contains n, for the error message."""
    if kind.max_bytes is None:
        return ""
    name = quote_name(f"rs_bytes_{kind.max_bytes}_{column}".encode()[:63].decode(errors="ignore"))
    return f" CONSTRAINT {name} CHECK (octet_length({quote_name(column)}) <= {kind.max_bytes})"


def _identity(reader: Reader, mode: str) -> str:
    seed, step = (part.integer() for part in reader.parens().split(","))
    return f" GENERATED {mode} AS IDENTITY (START WITH {seed} INCREMENT BY {step} MINVALUE {min(seed, 0)})"


def _encoding(reader: Reader) -> None:
    name = reader.word()
    if name not in ENCODINGS:
        raise RefusedByRedshift(f'encoding type "{name}" is not supported')


def _references(reader: Reader) -> None:
    reader.name()
    if reader.peek("("):
        reader.parens()


def _default(reader: Reader) -> str:
    text = reader.until(*_COLUMN_WORDS)
    if text.peek("NOT") or not text.tokens:
        raise reader.error("expected a default expression")
    expression = query.expression(text.rest())
    if expression.startswith("(SELECT rs."):  # a clock: a default may not contain a sub-select
        expression = expression[len("(SELECT ") : -1]
    return f" DEFAULT {expression}"


def _column(reader: Reader, table: _Table) -> None:  # noqa: C901  one branch a clause
    name = reader.word()
    kind = read_type(reader)
    line = f"{quote_name(name)} {kind.postgres}"
    while not reader.done:
        if reader.accept("NOT", "NULL"):
            table.not_null.add(name)
        elif reader.accept("NULL") or reader.accept("UNIQUE"):
            pass
        elif reader.accept("DEFAULT"):
            line += _default(reader)
        elif reader.accept("IDENTITY"):
            line = line + _identity(reader, "ALWAYS")
            table.identity = name
        elif reader.accept("GENERATED", "BY", "DEFAULT", "AS", "IDENTITY"):
            line = line + _identity(reader, "BY DEFAULT")
            table.identity = name
        elif reader.accept("ENCODE"):
            _encoding(reader)
        elif reader.accept("DISTKEY"):
            _set_distkey(table, name)
        elif reader.accept("SORTKEY"):
            table.sortkeys.append(name)
        elif reader.accept("PRIMARY", "KEY"):
            table.primary_key.append(name)
        elif reader.accept("REFERENCES"):
            _references(reader)
        elif reader.accept("COLLATE"):
            raise reader.unsupported("column attribute")
        else:
            raise reader.error("Redshift has no such column attribute")
    if name in table.columns:
        raise RefusedByRedshift(f'column "{name}" specified more than once')
    if "IDENTITY" in line and kind.postgres not in ("integer", "bigint"):
        raise RefusedByRedshift(f'identity column "{name}" must be of type int or bigint')
    table.columns.append(name)
    table.lines.append(line + byte_check(name, kind))


def _set_distkey(table: _Table, name: str) -> None:
    if table.distkey:
        raise RefusedByRedshift("cannot specify more than one DISTKEY column")
    table.distkey = name


def _constraint(reader: Reader, table: _Table) -> bool:
    """Reads a table constraint. Keys are only information for the planner."""
    is_named = reader.accept("CONSTRAINT")
    if is_named:
        reader.word()
    if reader.accept("PRIMARY", "KEY"):
        table.primary_key += reader.names_in_parens()
    elif reader.accept("UNIQUE"):
        reader.names_in_parens()
    elif reader.accept("FOREIGN", "KEY"):
        reader.parens()
        reader.expect("REFERENCES")
        _references(reader)
    elif reader.peek("CHECK") or reader.peek("EXCLUDE"):
        raise RefusedByRedshift(f"{reader.next().upper} constraints are not supported")
    else:
        if is_named:
            raise reader.error()
        return False
    reader.end()
    return True


def _like(reader: Reader, table: _Table) -> bool:
    if not reader.accept("LIKE"):
        return False
    line = f"LIKE {reader.name()} INCLUDING CONSTRAINTS"
    if reader.accept("INCLUDING", "DEFAULTS"):
        line += " INCLUDING DEFAULTS"
    else:
        reader.accept("EXCLUDING", "DEFAULTS")
    reader.end()
    table.lines.append(line)
    return True


def _elements(reader: Reader) -> _Table:
    table = _Table()
    for element in reader.parens().split(","):
        if not _like(element, table) and not _constraint(element, table):
            _column(element, table)
    required = table.not_null | set(table.primary_key)
    of_columns = [i for i, line in enumerate(table.lines) if not line.startswith("LIKE ")]
    for i, name in zip(of_columns, table.columns, strict=True):
        if name in required:
            kind, check, constraint = table.lines[i].partition(" CONSTRAINT ")
            table.lines[i] = f"{kind} NOT NULL{check}{constraint}"
    missing_columns = set(table.primary_key) - set(table.columns)
    if missing_columns and table.columns:
        raise RefusedByRedshift(f'column "{sorted(missing_columns)[0]}" named in key does not exist')
    return table


def table_attributes(reader: Reader, columns: list[str] | None = None) -> list[str]:
    """Reads BACKUP, DISTSTYLE, DISTKEY, SORTKEY and ENCODE AUTO, and checks that their columns exist.

    Returns:
        The columns of SORTKEY.
    """
    named_columns: list[str] = []
    sortkeys: list[str] = []
    while not reader.done:
        if reader.accept("BACKUP"):
            if not reader.accept_any("YES", "NO"):
                raise reader.error("expected YES or NO")
        elif reader.accept("DISTSTYLE"):
            if not reader.accept_any("AUTO", "EVEN", "KEY", "ALL"):
                raise reader.error("expected AUTO, EVEN, KEY or ALL")
        elif reader.accept("DISTKEY"):
            named_columns += reader.names_in_parens() if reader.peek("(") else [reader.word()]
        elif reader.accept("SORTKEY", "AUTO") or reader.accept("ENCODE", "AUTO"):
            pass
        elif reader.peek("COMPOUND") or reader.peek("INTERLEAVED") or reader.peek("SORTKEY"):
            reader.accept_any("COMPOUND", "INTERLEAVED")
            reader.expect("SORTKEY")
            sortkeys = reader.names_in_parens()
            named_columns += sortkeys
        else:
            break
    for name in named_columns:
        if columns and name not in columns:
            raise RefusedByRedshift(f'column "{name}" named in distkey or sortkey does not exist')
    return sortkeys


def create_table(reader: Reader) -> list[str]:
    """CREATE [TEMP] TABLE, with columns, LIKE, or AS SELECT. The reader is after CREATE."""
    temp = bool(reader.accept("LOCAL")) | bool(reader.accept_any("TEMPORARY", "TEMP"))
    reader.expect("TABLE")
    exists = "IF NOT EXISTS " if reader.accept("IF", "NOT", "EXISTS") else ""
    parts = reader.parts()
    temp = temp or parts[-1].startswith("#")
    if temp and len(parts) > 1:
        raise RefusedByRedshift("cannot create temporary relation in non-temporary schema")
    head = f"CREATE {'TEMP ' if temp else ''}TABLE {exists}{'.'.join(map(quote_name, parts))}"
    names = _ctas_columns(reader)
    if names is None:
        table = _elements(reader)
        sortkeys = table.sortkeys + table_attributes(reader, table.columns)
        reader.end()
        statements = [f"{head} ({', '.join(table.lines)})"]
        return statements if temp or exists or not sortkeys else [*statements, _skipping(parts, sortkeys[0])]
    table_attributes(reader)
    reader.expect("AS")
    if exists:
        raise RefusedByRedshift("CREATE TABLE AS does not support IF NOT EXISTS")
    columns = f" ({', '.join(map(quote_name, names))})" if names else ""
    return [f"{head}{columns} AS {query.select(reader.rest())}"]


def _skipping(parts: list[str], sortkey: str) -> str:
    """An index on the first sort key, which skips other rows, as Redshift's zone maps skip blocks."""
    return f"CREATE INDEX ON {'.'.join(map(quote_name, parts))} ({quote_name(sortkey)})"


def _ctas_columns(reader: Reader) -> list[str] | None:
    """Column names of a CREATE TABLE AS (possibly none); None for a table with column definitions."""
    if not reader.peek("("):
        return []
    start = reader.at
    inner = reader.parens()
    is_ctas = all(len(part.tokens) == 1 for part in inner.split(","))
    reader.at = start
    return reader.names_in_parens() if is_ctas else None


def alter_table(reader: Reader) -> list[str]:
    """ALTER TABLE. The reader is after ALTER TABLE."""
    name = reader.name()
    if reader.accept("APPEND", "FROM"):
        return [_append(name, reader)]
    if reader.accept("ADD"):
        return [_add(name, reader)]
    if reader.accept("DROP"):
        return [_drop(name, reader)]
    if reader.accept("RENAME"):
        return [_rename(name, reader)]
    if reader.accept("OWNER", "TO"):
        return [_finish(reader, f"ALTER TABLE {name} OWNER TO {quote_name(reader.word())}")]
    if reader.accept("ALTER"):
        return _alter_column(name, reader)
    raise reader.unsupported("ALTER TABLE action")


def _finish(reader: Reader, statement: str) -> str:
    reader.end()
    return statement


def _add(name: str, reader: Reader) -> str:
    table = _Table()
    if reader.peek("CONSTRAINT") or reader.peek("PRIMARY") or reader.peek("FOREIGN") or reader.peek("UNIQUE"):
        _constraint(reader, table)
        return f"SELECT NULL WHERE NULL /* keys of {name} are not enforced */"
    reader.accept("COLUMN")
    if reader.accept("IF"):
        raise RefusedByRedshift("ALTER TABLE ADD COLUMN does not support IF NOT EXISTS")
    parts = reader.split(",")
    if len(parts) > 1:
        raise RefusedByRedshift("ALTER TABLE can add one column at a time")
    _column(parts[0], table)
    if table.identity:
        raise RefusedByRedshift("cannot add an IDENTITY column with ALTER TABLE")
    if table.not_null and " DEFAULT " not in table.lines[0]:
        raise RefusedByRedshift("ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression")
    required = " NOT NULL" if table.not_null else ""
    kind, check, constraint = table.lines[0].partition(" CONSTRAINT ")
    return f"ALTER TABLE {name} ADD COLUMN {kind}{required}{check}{constraint}"


def _drop(name: str, reader: Reader) -> str:
    if reader.accept("CONSTRAINT"):
        raise reader.unsupported("ALTER TABLE action")
    reader.accept("COLUMN")
    column = quote_name(reader.word())
    behaviour = reader.accept_any("CASCADE", "RESTRICT") or "RESTRICT"
    return _finish(reader, f"ALTER TABLE {name} DROP COLUMN {column} {behaviour}")


def _rename(name: str, reader: Reader) -> str:
    if reader.accept("TO"):
        return _finish(reader, f"ALTER TABLE {name} RENAME TO {quote_name(reader.word())}")
    reader.accept("COLUMN")
    old = quote_name(reader.word())
    reader.expect("TO")
    return _finish(reader, f"ALTER TABLE {name} RENAME COLUMN {old} TO {quote_name(reader.word())}")


def _append(name: str, reader: Reader) -> str:
    source = reader.name()
    option = reader.accept_any("FILLTARGET", "IGNOREEXTRA")
    reader.end()
    fill = str(option == "FILLTARGET").lower()
    ignore = str(option == "IGNOREEXTRA").lower()
    return f"SELECT rs.append_table({quote_literal(name)}, {quote_literal(source)}, {fill}, {ignore})"


def _alter_column(name: str, reader: Reader) -> list[str]:
    nothing = ["SELECT NULL WHERE NULL"]
    if reader.accept("DISTSTYLE") or reader.peek("DISTKEY") or reader.peek("COMPOUND") or reader.peek("SORTKEY"):
        return nothing
    if reader.accept("ENCODE"):
        return nothing
    reader.expect("COLUMN")
    column = reader.word()
    if reader.accept("ENCODE"):
        _encoding(reader)
        return nothing
    reader.expect("TYPE")
    kind = read_type(reader)
    reader.end()
    if not kind.is_text:
        raise RefusedByRedshift("ALTER COLUMN TYPE can change the size of a VARCHAR only")
    return [f"SELECT rs.widen_varchar({quote_literal(name)}, {quote_literal(column)}, {kind.max_bytes})"]
