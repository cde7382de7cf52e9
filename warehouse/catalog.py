"""Reads columns, types, keys and meanings of tables and views from the warehouse's SQL, without a warehouse.

COMMENT ON statements hold the meanings of tables and columns, so that BI tools show them too. The comment at the head
of a view's file describes the view. A column that the view copies keeps its meaning; a column that it computes has a
line `-- <column>: <meaning>` in that comment. `description` turns those into the view's own COMMENT ON statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from warehouse.stars import SqlFile
from warehouse.statements import split

_DIALECT = "redshift"
_HEADER = re.compile(r"\A(?:--[^\n]*\n)+")
_READ = re.compile(r"(CREATE|ALTER|DROP)\s+TABLE\b|COMMENT\s+ON\b", re.IGNORECASE)
_COLUMN_LINE = re.compile(r"(?P<column>[a-z_]+): (?P<meaning>.+)")


@dataclass(slots=True)
class TableColumn:
    """A column: Redshift's type, whether it may be null (None if unknown), its meaning, and the table it refers to."""

    name: str
    type: str
    nullable: bool | None = None
    meaning: str = ""
    references: str = ""


@dataclass(slots=True)
class Table:
    """A table or view, with one row for each value of its key."""

    schema: str
    name: str
    meaning: str = ""
    key: tuple[str, ...] = ()
    columns: dict[str, TableColumn] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"


def read_tables(definitions: Iterable[str], comments: Iterable[str], products: Iterable[SqlFile]) -> dict[str, Table]:
    """All tables and data products, by full name, in the order of their creation.

    Args:
        definitions: SQL that creates and changes tables, in order; other statements are ignored.
        comments: SQL with their meanings.
        products: the files of the data products, in order.

    Raises:
        ValueError: a statement changes a table in a way that this module cannot read.
    """
    tables: dict[str, Table] = {}
    for text in (*definitions, *comments):
        for statement in split(text):
            if _READ.match(statement):
                _apply(_parsed(statement), tables)
    for file in products:
        view = _product(file, tables)
        tables[view.full_name] = view
    return tables


def read_schemas(comments: Iterable[str]) -> dict[str, str]:
    """The description of each schema, from its COMMENT ON SCHEMA."""
    statements = (_parsed(text) for sql in comments for text in split(sql) if text.startswith("COMMENT ON SCHEMA"))
    return {statement.this.name: statement.expression.name for statement in statements}


def product_name(file: SqlFile) -> str:
    """Schema and name of the view that a file `<package>/products/<number>_<view>.sql` creates."""
    return f"{file.name.split('/')[0]}.{file.stem.split('_', 1)[1]}"


def description(file: SqlFile, tables: Mapping[str, Table]) -> str:
    """SQL that describes a data product in the catalog.

    COMMENT treats a materialized view as a view (https://docs.aws.amazon.com/redshift/latest/dg/r_COMMENT.html).
    """
    view = tables[product_name(file)]
    lines = [
        "-- The meaning of a data product and its columns, for BI tools.",
        f"COMMENT ON VIEW {view.full_name}\nIS {_literal(view.meaning)};",
    ]
    lines += [
        f"COMMENT ON COLUMN {view.full_name}.{column.name}\nIS {_literal(column.meaning)};"
        for column in view.columns.values()
    ]
    return "\n".join(lines) + "\n"


def _literal(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def _parsed(text: str) -> Any:
    return sqlglot.parse_one(text, dialect=_DIALECT)


def _apply(statement: Any, tables: dict[str, Table]) -> None:
    if isinstance(statement, exp.Create) and statement.kind == "TABLE":
        table = _table(statement.this)
        tables[table.full_name] = table
    elif isinstance(statement, exp.Alter):
        _alter(statement, tables)
    elif isinstance(statement, exp.Drop) and statement.args["kind"] == "TABLE":
        tables.pop(_name(statement.this), None)
    elif isinstance(statement, exp.Comment):
        _comment(statement, tables)


def _table(definition: Any) -> Table:
    table = Table(definition.this.db, definition.this.name)
    for part in definition.expressions:
        if isinstance(part, exp.ColumnDef):
            table.columns[part.name] = _column(part)
        elif isinstance(part, exp.PrimaryKey):
            table.key = tuple(column.name for column in part.expressions)
        elif isinstance(part, exp.ForeignKey):
            target = part.args["reference"].this
            for column in part.expressions:
                table.columns[column.name].references = _name(target.this)
    for name in table.key:
        table.columns[name].nullable = False
    return table


def _column(definition: Any) -> TableColumn:
    constraints = [constraint.kind for constraint in definition.constraints]
    is_required = any(isinstance(constraint, exp.NotNullColumnConstraint) for constraint in constraints)
    return TableColumn(definition.name, definition.kind.sql(_DIALECT), nullable=not is_required)


def _alter(statement: Any, tables: dict[str, Table]) -> None:
    for action in statement.args["actions"]:
        if not isinstance(action, exp.ColumnDef):
            raise ValueError(f"the data dictionary cannot read: {statement.sql(_DIALECT)}")
        tables[_name(statement.this)].columns[action.name] = _column(action)


def _comment(statement: Any, tables: dict[str, Table]) -> None:
    kind = statement.args["kind"]
    meaning = statement.expression.name
    if kind == "TABLE":
        tables[_name(statement.this)].meaning = meaning
    elif kind == "COLUMN":
        column = statement.this
        tables[f"{column.args['db'].name}.{column.table}"].columns[column.name].meaning = meaning


def _name(table: Any) -> str:
    return f"{table.db}.{table.name}"


def _product(file: SqlFile, tables: dict[str, Table]) -> Table:
    """A view: types are inferred, meanings come from its head and from the tables that it reads."""
    head = _HEADER.match(file.text)
    lines = [line.removeprefix("--").strip() for line in (head[0] if head else "").splitlines()]
    (statement,) = (sqlglot.parse_one(text, dialect=_DIALECT) for text in split(file.text))
    schema: dict[str, Any] = {}
    for table in tables.values():
        schema.setdefault(table.schema, {})[table.name] = {
            column.name: column.type for column in table.columns.values()
        }
    query: Any = qualify(statement.expression, schema=schema, dialect=_DIALECT)
    query = annotate_types(query, schema=schema, dialect=_DIALECT)
    view = Table(statement.this.db, statement.this.name)
    for projection in query.selects:
        name = projection.alias_or_name
        origin = _origin(projection.unalias(), build_scope(query), tables)
        # Redshift's counts and sums are BIGINT, and its ranks INTEGER; sqlglot infers otherwise for some.
        is_rank = isinstance(projection.unalias().this, exp.Rank | exp.DenseRank)
        inferred = "INTEGER" if is_rank else projection.type.sql(_DIALECT).replace("INTEGER", "BIGINT")
        view.columns[name] = TableColumn(
            name, origin.type if origin else inferred, None, origin.meaning if origin else ""
        )
    view.meaning = " ".join(_without_columns(lines, view))
    return view


def _without_columns(lines: list[str], view: Table) -> Iterator[str]:
    """The lines of a view's head that are not about a column. A line about a column becomes its meaning."""
    for line in lines:
        match = _COLUMN_LINE.fullmatch(line)
        if match and match["column"] in view.columns:
            view.columns[match["column"]].meaning = match["meaning"]
        else:
            yield line


def _origin(value: Any, scope: Scope | None, tables: dict[str, Table]) -> TableColumn | None:
    """The table's column that a value is copied from, through any number of subqueries; None if it is computed."""
    if not isinstance(value, exp.Column) or scope is None:
        return None
    source = scope.sources.get(value.table)
    if isinstance(source, exp.Table):
        return tables[_name(source)].columns[value.name]
    if source is None:
        return None
    inner: Any = source.expression
    selected = {projection.alias_or_name: projection.unalias() for projection in inner.selects}
    return _origin(selected[value.name], source, tables)
