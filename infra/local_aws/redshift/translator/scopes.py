"""Which tables and columns the names in a query mean: the sources of each FROM, with their columns and types.

Several of Redshift's rules depend on it: an alias of the SELECT list gives way to a column of the same name, PIVOT
groups by all other columns, and the dots of `c_orders[0].o_orderkey` navigate a SUPER column. Tables are looked up with
`relations.columns_of`; subqueries and WITH queries are read from their SELECT lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from sqlglot import exp

from ..errors import RefusedByRedshift, StatementError, UnsupportedStatement
from .datatypes import type_from_text
from .relations import Columns, columns_of, is_looked_up
from .super_functions import RETURN_AN_ARGUMENT, RETURN_SUPER

SUPER = "jsonb"
UNKNOWN = ""
"""The type of an expression whose type is not needed by any rule."""
_ITEM = "super_item"  # marks a FROM source that iterates over a SUPER value, with its columns
Scope = exp.Select | exp.Update | exp.Delete | exp.Merge
SCOPES = (exp.Select, exp.Update, exp.Delete, exp.Merge)


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a FROM clause.

    Attributes:
        name: Its alias, or its table's name, in lower case.
        columns: Its columns with their types; None if they are not known.
        node: The table, subquery or SUPER value.
        schema: The schema, if it is a table without an alias.
    """

    name: str
    columns: Columns | None
    node: exp.Expr
    schema: str = ""

    @property
    def is_item(self) -> bool:
        """Whether it iterates over a SUPER value."""
        return _ITEM in self.node.meta


def mark_item(node: exp.Expr, columns: Columns) -> exp.Expr:
    """Marks a FROM source as one that iterates over a SUPER value."""
    node.meta[_ITEM] = columns
    return node


def source_nodes(scope: Scope) -> Iterator[exp.Expr]:
    """The tables, subqueries and functions of a scope, from left to right."""
    heads: list[exp.Expr] = [] if isinstance(scope, exp.Select) else [scope.this]
    if scope.args.get("from_"):
        heads.append(scope.args["from_"].this)
    using = scope.args.get("using") or []
    heads += using if isinstance(using, list) else [using]
    heads += [join.this for join in scope.args.get("joins") or []]
    for head in heads:
        if isinstance(head, exp.Expr):
            yield head
            yield from (join.this for join in head.args.get("joins") or [])


class Names:
    """Resolves names of one statement. Forget it when the statement's sources change."""

    def __init__(self) -> None:
        self._outputs: dict[int, Columns | None] = {}
        self._sources: dict[int, list[Source]] = {}

    def sources(self, scope: Scope) -> list[Source]:
        """The sources of a SELECT, UPDATE, DELETE or MERGE."""
        if id(scope) not in self._sources:
            self._sources[id(scope)] = []
            self._sources[id(scope)] = [self._source(node) for node in source_nodes(scope)]
        return self._sources[id(scope)]

    def limit(self, scope: Scope, count: int) -> None:
        """Takes only the first sources of a scope: those that the next one can refer to."""
        self._sources[id(scope)] = self.sources(scope)[:count]

    def _source(self, node: exp.Expr) -> Source:
        name = node.alias_or_name.lower()
        if _ITEM in node.meta:
            return Source(name, node.meta[_ITEM], node)
        if isinstance(node, exp.Table):
            columns = None if isinstance(node.this, exp.Func) else self._table(node)
            return Source(name, _renamed(columns, node), node, "" if node.alias else node.db.lower())
        if isinstance(node, exp.Subquery):
            inner = node.this
            columns = self._table(inner) if isinstance(inner, exp.Table) else self.output(inner)
            return Source(name or inner.alias_or_name.lower(), _renamed(columns, node), node)
        return Source(name, None, node)

    def _table(self, table: exp.Table) -> Columns | None:
        if table.args.get("pivots"):
            return None
        if not table.db:
            query = _common_table(table)
            if query is not None:
                return _renamed(self.output(query.this), query)
        return columns_of(table.db or None, table.name)

    def output(self, query: exp.Expr) -> Columns | None:
        """The columns of a query's result; None if one of its sources is not known."""
        if id(query) not in self._outputs:
            self._outputs[id(query)] = None  # a recursive query refers to itself
            self._outputs[id(query)] = self._output(query)
        return self._outputs[id(query)]

    def _output(self, query: exp.Expr) -> Columns | None:
        if isinstance(query, exp.SetOperation):
            return self.output(query.this)
        if isinstance(query, exp.Subquery):
            return self.output(query.this)
        if not isinstance(query, exp.Select):
            return None
        columns: Columns = Columns()
        for number, item in enumerate(query.expressions):
            if item.is_star:
                star = self._star(query, item)
                if star is None:
                    return None
                columns |= star
            else:
                columns[item.alias_or_name.lower() or f"?{number}"] = self.type_of(item, query)
        return columns

    def _star(self, select: exp.Select, item: exp.Expr) -> Columns | None:
        table = item.args["table"].name.lower() if isinstance(item, exp.Column) else ""
        columns: Columns = Columns()
        for source in self.sources(select):
            if table in ("", source.name):
                if source.columns is None:
                    return None
                columns |= source.columns
        return columns

    def target_columns(self, insert: exp.Expr) -> Columns | None:
        """The columns that an INSERT fills, in the order of its values."""
        target = insert.this
        table = target.this if isinstance(target, exp.Schema) else target
        columns = columns_of(table.db or None, table.name) if isinstance(table, exp.Table) else None
        if columns is None or not isinstance(target, exp.Schema):
            return columns
        names = [name.name.lower() for name in target.expressions]
        return Columns((name, columns.get(name, UNKNOWN)) for name in names)

    def column(self, name: str, node: exp.Expr) -> tuple[Source, str] | None:
        """The source and type of an unqualified column at a place of the statement; None if no known source has it."""
        for scope in enclosing(node):
            for source in self.sources(scope):
                if source.columns is not None and name.lower() in source.columns:
                    return source, source.columns[name.lower()]
        return None

    def source(self, name: str, node: exp.Expr) -> Source | None:
        """The source with this name that is visible at a place of the statement."""
        for scope in enclosing(node):
            for source in self.sources(scope):
                if source.name == name.lower():
                    return source
        return None

    def type_of(self, node: exp.Expr, place: exp.Expr | None = None) -> str:
        """The PostgreSQL type of an expression as far as the rules need it: SUPER is always recognised.

        Args:
            node: The expression.
            place: Where it is in the statement, if it isn't in the statement itself.
        """
        if node.meta.get("super"):
            return SUPER
        if isinstance(node, exp.Column):
            return self._column_type(node, place or node)
        if isinstance(node, exp.Cast):
            return _cast_type(node)
        if isinstance(node, (exp.Alias, exp.Paren, exp.Window, exp.IgnoreNulls, exp.RespectNulls, exp.Neg)):
            return self.type_of(node.this, place or node)
        if isinstance(node, (exp.Bracket, exp.JSONExtract, exp.ObjectTransform)):
            return SUPER
        if isinstance(node, exp.Dot):
            return UNKNOWN if isinstance(node.expression, exp.Func) else SUPER
        if isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)):
            types = (self.type_of(node.this, place or node), self.type_of(node.expression, place or node))
            return SUPER if SUPER in types else UNKNOWN
        if isinstance(node, exp.Subquery) and not node.alias:
            columns = self.output(node.this)
            return next(iter(columns.values()), UNKNOWN) if columns else UNKNOWN
        if isinstance(node, exp.Case):
            results = [branch.args["true"] for branch in node.args["ifs"]]
            results += [node.args["default"]] if node.args.get("default") else []
            return SUPER if any(self.type_of(result, place or node) == SUPER for result in results) else UNKNOWN
        if isinstance(node, exp.Anonymous):
            return self._call_type(node, place)
        return UNKNOWN

    def _call_type(self, call: exp.Anonymous, place: exp.Expr | None) -> str:
        name = str(call.this).lower()
        if name in RETURN_SUPER:
            return SUPER
        if name in RETURN_AN_ARGUMENT:
            types = [self.type_of(argument, place or call) for argument in call.expressions]
            return SUPER if SUPER in types else types[0] if types else UNKNOWN
        return UNKNOWN

    def _column_type(self, column: exp.Column, place: exp.Expr) -> str:
        if self.path(column, place):
            return SUPER
        if column.table:
            source = self.source(column.table, place)
            if source is None or source.columns is None:
                return UNKNOWN
            return source.columns.get(column.name.lower(), UNKNOWN)
        match = self.column(column.name, place)
        return match[1] if match else UNKNOWN

    def path(self, column: exp.Column, place: exp.Expr | None = None) -> tuple[exp.Column, list[exp.Expr]] | None:
        """The SUPER column that a name with dots begins with, and the attributes after it; None for a plain column.

        Raises:
            RefusedByRedshift: The column is known and is not SUPER.
        """
        parts = column.parts
        if len(parts) < 2 or isinstance(column.this, exp.Star):
            return None
        place = place or column
        head = parts[0].name
        source = self.source(head, place)
        if source is not None and source.is_item and head.lower() in (source.columns or ()):
            if len(parts) == 2 and parts[1].name.lower() in (source.columns or ()) and len(source.columns or ()) > 1:
                return None
            return exp.Column(this=parts[0].copy()), list(parts[1:])
        if source is not None and not self._is_qualified(parts, place):
            if len(parts) == 2:
                return None
            kind = (source.columns or Columns()).get(parts[1].name.lower(), SUPER)
            if kind not in (SUPER, UNKNOWN):
                raise RefusedByRedshift(f'column "{parts[1].name.lower()}" is not of type SUPER: it has no attributes')
            return exp.Column(this=parts[1].copy(), table=parts[0].copy()), list(parts[2:])
        if source is None:
            match = self.column(head, place)
            if match is not None and match[1] == SUPER:
                return exp.Column(this=parts[0].copy()), list(parts[1:])
            if match is not None and match[1] != UNKNOWN and len(parts) == 2:
                raise RefusedByRedshift(f'column "{head.lower()}" is not of type SUPER: it has no attributes')
        return None

    def _is_qualified(self, parts: list[exp.Expr], place: exp.Expr) -> bool:
        """Whether a name is `schema.table.column`, although its first part is also the name of a table."""
        table = self.source(parts[1].name, place) if len(parts) == 3 else None
        return table is not None and table.schema == parts[0].name.lower()


def enclosing(node: exp.Expr) -> Iterator[Scope]:
    """The scopes around a place of the statement, innermost first. A scope is around itself."""
    inside: exp.Expr | None = node
    while inside is not None:
        if isinstance(inside, SCOPES):
            yield inside
        inside = inside.parent


def _common_table(table: exp.Table) -> exp.CTE | None:
    """The WITH query that a table's name means. A query sees those before it, and itself if it is recursive."""
    inside: exp.Expr = table
    while inside.parent is not None:
        outer = inside.parent
        with_ = outer if isinstance(outer, exp.With) else outer.args.get("with_")
        is_recursive = isinstance(with_, exp.With) and bool(with_.recursive)
        for query in with_.expressions if isinstance(with_, exp.With) else ():
            if query is inside and not is_recursive:
                break
            if isinstance(query, exp.CTE) and query.alias.lower() == table.name.lower():
                return query
        inside = outer.parent if isinstance(outer, exp.With) and outer.parent is not None else outer
    return None


def has_common_table(table: exp.Table) -> bool:
    """Whether a table's name means a WITH query."""
    return _common_table(table) is not None


def _renamed(columns: Columns | None, node: exp.Expr) -> Columns | None:
    """The columns under the names of a column list, `AS t (x, y)`."""
    alias = node.args.get("alias")
    names = [name.name.lower() for name in alias.columns] if isinstance(alias, exp.TableAlias) else []
    if not names:
        return columns
    if columns is None:
        return Columns((name, UNKNOWN) for name in names)
    rest = list(columns.items())[len(names) :]
    return Columns([*zip(names, columns.values(), strict=False), *rest])


def is_super_type(kind: exp.DataType) -> bool:
    """Whether a type in a cast is SUPER."""
    return bool(kind.this == exp.DType.SUPER)


def _cast_type(cast: exp.Cast) -> str:
    if cast.meta.get("rs_raw"):
        return SUPER if cast.to.is_type("jsonb") else UNKNOWN
    try:
        return type_from_text(cast.to.sql("redshift")).postgres
    except StatementError:
        return UNKNOWN


def refuse_unknown(source: Source, clause: str) -> NoReturn:
    """Refuses a clause that needs the columns of a source that is not known.

    Raises:
        RefusedByRedshift: The session has no such table.
        UnsupportedStatement: There is no session, or the source is of another kind.
    """
    if isinstance(source.node, exp.Table) and not isinstance(source.node.this, exp.Func) and is_looked_up():
        raise RefusedByRedshift(f'relation "{source.node.name.lower()}" does not exist')
    raise UnsupportedStatement(f'{clause} needs the columns of "{source.name}", which are not known here')
