"""The SHOW family: SHOW DATABASES, SCHEMAS, TABLES, COLUMNS, CONSTRAINTS, GRANTS, … and SHOW TABLE, VIEW, PROCEDURE.

Drivers discover a warehouse by them, in prepared statements whose names are parameters. Each becomes one query.
Source: https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_TABLES.html and its neighbours in the same guide
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import RefusedByRedshift, UnsupportedStatement
from ..datatypes import read_type
from ..lexer import quote_literal
from ..positional import parameter
from ..reader import Reader

_DATABASE = ("database_name",)
_SCHEMA = ("database_name", "schema_name")
_TABLE = ("database_name", "schema_name", "table_name")
_OBJECT = ("database_name", "schema_name", "object_name")
_PRIMARY = ("pk_database_name", "pk_schema_name", "pk_table_name")
_FOREIGN = ("fk_database_name", "fk_schema_name", "fk_table_name")


@dataclass(frozen=True, slots=True)
class _Listing:
    """A statement that lists something.

    Attributes:
        view: The view in `rs` with the rows.
        place: The words before the name of what is listed, such as `FROM SCHEMA`; none if nothing is named.
        keys: The columns that the name's parts select, in order.
        pattern: The column that LIKE compares.
        order: The columns that the rows are sorted by.
    """

    view: str
    place: tuple[str, ...]
    keys: tuple[str, ...]
    pattern: str
    order: str = ""


_LISTINGS: dict[tuple[str, ...], _Listing] = {
    ("DATABASES",): _Listing("show_databases", (), (), "database_name"),
    ("SCHEMAS",): _Listing("show_schemas", ("FROM", "DATABASE"), _DATABASE, "schema_name"),
    ("TABLES",): _Listing("show_tables", ("FROM", "SCHEMA"), _SCHEMA, "table_name"),
    ("DATASHARES",): _Listing("show_datashares", (), (), "share_name"),
    ("MODEL", "ALL"): _Listing("show_models", (), (), "", "schema_name, model_name"),
    ("COLUMNS",): _Listing("show_columns", ("FROM", "TABLE"), _TABLE, "column_name", "ordinal_position"),
    ("PROCEDURES",): _Listing("show_procedures", ("FROM", "SCHEMA"), _SCHEMA, "procedure_name"),
    ("FUNCTIONS",): _Listing("show_functions", ("FROM", "SCHEMA"), _SCHEMA, "function_name"),
    ("CONSTRAINTS", "PRIMARY", "KEYS"): _Listing("show_primary_keys", ("FROM", "TABLE"), _TABLE, "", "key_seq"),
    ("CONSTRAINTS", "FOREIGN", "KEYS", "EXPORTED"): _Listing(
        "show_foreign_keys", ("FROM", "TABLE"), _PRIMARY, "", "fk_schema_name, fk_table_name, fk_name, key_seq"
    ),
    ("CONSTRAINTS", "FOREIGN", "KEYS"): _Listing(
        "show_foreign_keys", ("FROM", "TABLE"), _FOREIGN, "", "pk_schema_name, pk_table_name, fk_name, key_seq"
    ),
}
_DEFINITIONS = {
    "TABLE": ("show_table", "Show Table DDL statement"),
    "VIEW": ("show_view", "Show View DDL statement"),
}
_NOT_KNOWN = ("EXTERNAL", "POLICIES", "MASKING", "RLS", "TEMPLATE", "TEMPLATES", "CATALOG")
_SETTINGS = {
    "server_version": "8.0.2",
    "server_encoding": "UNICODE",
    "max_identifier_length": "127",
    "max_index_keys": "32",
    "integer_datetimes": "on",
    "padb_version": "1.0.77467",
    "standard_conforming_strings": "off",
    "transaction_isolation": "serializable",
}
"""Settings of the server. PostgreSQL's own values differ."""


def show(reader: Reader) -> str | None:
    """Translates a statement of the family; returns None for SHOW of a parameter. The reader is before SHOW.

    Raises:
        RefusedByRedshift: The statement's syntax is wrong.
        UnsupportedStatement: It is about something that the stand-in does not have.
    """
    start = reader.at
    reader.expect("SHOW")
    for words, listing in _LISTINGS.items():
        if reader.accept(*words):
            return _listing(reader, listing)
    if reader.accept("COLUMN", "GRANTS"):
        return _grants(reader, "show_column_grants", _TABLE, "column_name")
    if reader.accept("GRANTS"):
        return _grants(reader, "show_grants", _OBJECT, "")
    if reader.accept("PARAMETERS", "OF"):
        return _parameters(reader)
    if reader.accept("EXTERNAL", "TABLE"):
        return _external_table(reader)
    for kind, (function, title) in _DEFINITIONS.items():
        if reader.accept(kind):
            name = reader.name()
            reader.end()
            return f"SELECT rs.{function}({quote_literal(name)}) AS {_title(title)}"
    if reader.accept("PROCEDURE"):
        return _procedure(reader)
    if reader.accept("MODEL"):
        raise RefusedByRedshift(f'model "{".".join(reader.parts())}" does not exist')
    word = reader.accept_any(*_NOT_KNOWN)
    if word:
        raise UnsupportedStatement(f"the local Redshift does not support SHOW {word}")
    return _setting(reader, start)


def _setting(reader: Reader, start: int) -> str | None:
    """The value of one of the server's settings; None for any other parameter."""
    name = "transaction_isolation" if reader.accept("TRANSACTION", "ISOLATION", "LEVEL") else reader.word()
    value = _SETTINGS.get(name)
    if value is None:
        reader.at = start
        return None
    reader.end()
    return f"SELECT {quote_literal(value)}::varchar AS {name}"


def _title(text: str) -> str:
    return f'"{text}"'


def _listing(reader: Reader, listing: _Listing) -> str:
    conditions = []
    if listing.place and (listing.place[0] != "FROM" or reader.peek("FROM")):
        reader.expect(*listing.place)
        conditions = _of(listing.keys, _names(reader))
    elif listing.keys:
        raise reader.error(f"expected {' '.join(listing.place)}")
    if listing.pattern:
        conditions += _like(reader, listing.pattern)
    return _query(reader, listing.view, conditions, listing.order or ", ".join((*listing.keys, listing.pattern)))


def _names(reader: Reader) -> list[str]:
    """The parts of a name as expressions: literals or parameters."""
    names = [_name(reader)]
    while reader.accept("."):
        names.append(_name(reader))
    return names


def _name(reader: Reader) -> str:
    if not reader.done and reader.tokens[reader.at].kind == "string":
        return quote_literal(reader.string().lower())
    name = reader.word()
    placeholder = parameter(name)
    return f"lower({placeholder})" if placeholder else quote_literal(name)


def _of(keys: Sequence[str], names: list[str]) -> list[str]:
    """Conditions on the last keys: a name may leave out the database and the schema."""
    if len(names) > len(keys):
        keys = ("NULL",) * (len(names) - len(keys)) + tuple(keys)
    conditions = [f"{key} = {name}" for key, name in zip(keys[-len(names) :], names, strict=True)]
    if len(names) == 1 and len(keys) == len(_TABLE):  # a table without a schema is looked up by the search path
        conditions.append(f"{keys[-2]} = ANY (current_schemas(false))")
    return conditions


def _like(reader: Reader, column: str) -> list[str]:
    """LIKE compares case-sensitively."""
    if not reader.accept("LIKE"):
        return []
    return [f"{column} LIKE {_text(reader)}"]


def _text(reader: Reader) -> str:
    token = reader.next()
    placeholder = parameter(token.text)
    if placeholder:
        return placeholder
    reader.at -= 1
    return quote_literal(reader.string())


def _query(reader: Reader, view: str, conditions: list[str], order: str, columns: str = "*") -> str:
    """The rows of a view. Without LIMIT, more than 10,000 are an error."""
    limit = f" LIMIT {reader.integer()}" if reader.accept("LIMIT") else ""
    reader.end()
    where = " AND ".join(conditions) or "true"
    if not limit:
        where += f" AND rs.within_limit((SELECT count(*) FROM rs_facts.{view} WHERE {where}))"
    return f"SELECT {columns} FROM rs_facts.{view} WHERE {where} ORDER BY {order}{limit}"


def _grants(reader: Reader, view: str, keys: tuple[str, ...], pattern: str) -> str:
    conditions: list[str] = []
    if reader.accept("ON"):
        conditions += _on(reader, keys)
    if reader.accept("FOR"):
        conditions += _grantee(reader)
    if reader.accept("FROM", "DATABASE"):
        conditions += _of(_DATABASE, _names(reader))
    if pattern:
        conditions += _like(reader, pattern)
    return _query(reader, view, conditions, ", ".join((*keys, "identity_name", "privilege_type")))


def _on(reader: Reader, keys: tuple[str, ...]) -> list[str]:
    kind = reader.accept_any("TABLE", "SCHEMA", "DATABASE", "FUNCTION", "PROCEDURE") or "TABLE"
    names = _names(reader)
    if kind in ("FUNCTION", "PROCEDURE") and reader.peek("("):
        reader.parens()
    if keys is _TABLE:
        return _of(keys, names)
    types = ("TABLE", "VIEW") if kind == "TABLE" else (kind,)
    of_type = f"object_type IN ({', '.join(map(quote_literal, types))})"
    if kind == "SCHEMA":
        return [*_of(_SCHEMA, names), of_type]
    return [*_of(_DATABASE if kind == "DATABASE" else keys, names), of_type]


def _grantee(reader: Reader) -> list[str]:
    if reader.accept("PUBLIC"):
        return ["identity_type = 'public'"]
    kind = reader.accept_any("ROLE", "USER", "GROUP")
    name = f"identity_name = {_name(reader)}"
    return [name, f"identity_type = {quote_literal(kind.lower())}"] if kind else [name]


def _parameters(reader: Reader) -> str:
    kind = reader.accept_any("PROCEDURE", "FUNCTION")
    if kind is None:
        raise reader.error("expected PROCEDURE or FUNCTION")
    names = _names(reader)
    key = f"{kind.lower()}_name"
    conditions = _of((*_SCHEMA, key), names)
    if reader.peek("("):
        conditions.append(f"argument_list = {_types(reader.parens())}")
    conditions += _like(reader, "parameter_name")
    columns = f"database_name, schema_name, {key}, parameter_name, ordinal_position, parameter_type, data_type, "
    columns += "character_maximum_length, numeric_precision, numeric_scale"
    view = f"show_{kind.lower()}_parameters"
    return _query(reader, view, conditions, "schema_name, argument_list, ordinal_position", columns)


def _types(reader: Reader) -> str:
    """The types of a signature as one text, as `argument_list` has them. They may be parameters, too."""
    types = []
    for part in reader.split(","):
        placeholder = parameter(part.tokens[0].text) if part.tokens else None
        if placeholder:
            types.append(f"rs.data_type(to_regtype({placeholder}))")
        else:
            types.append(f"rs.data_type({quote_literal(read_type(part, in_table=False).postgres)}::regtype)")
    return " || ', ' || ".join(types) or "''"


def _external_table(reader: Reader) -> str:
    names = _names(reader)
    reader.end()
    if len(names) < len(_SCHEMA):
        raise reader.error("expected schema.table")
    title = _title("Show External Table DDL statement")
    return f"SELECT rs.show_external_table({names[-2]}, {names[-1]}) AS {title}"


def _procedure(reader: Reader) -> str:
    raise UnsupportedStatement("the local Redshift does not keep the text of a procedure: SHOW PROCEDURE")
