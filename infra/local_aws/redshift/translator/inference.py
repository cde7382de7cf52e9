"""The types of a statement's expressions, inferred from the columns of its tables, its literals and its casts.

What can't be inferred has no kind, and a rule that needs one then leaves the expression as it is. The columns come from
`relations`; without a database they are not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from ..errors import RefusedByRedshift, UnsupportedStatement
from . import function_kinds, kinds
from .datatypes import type_from_text
from .functions import function_name
from .kinds import Kind
from .relations import columns_of

Outputs = list[tuple[str, Kind | None]]
"""A query's columns in order: names in lower case, which may repeat, with their kinds."""
Source = dict[str, Kind | None]
"""The columns of a table or subquery by name."""
_OPERATORS: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}
_TRUTHS = (
    exp.Predicate, exp.And, exp.Or, exp.Not, exp.Exists, exp.Boolean, exp.Between, exp.In, exp.Like, exp.ILike,
    exp.SimilarTo, exp.RegexpLike,
)  # fmt: skip
_BITWISE = (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseNot)
_STATEMENTS = (exp.Select, exp.Update, exp.Delete, exp.Merge)


def _cast_kind(node: exp.Cast) -> Kind | None:
    try:
        return kinds.kind_of_type(type_from_text(node.to.sql("redshift")).postgres)
    except (RefusedByRedshift, UnsupportedStatement):  # the rule about casts reports it
        return None


@dataclass(slots=True)
class Inference:
    """The kinds of the expressions of one statement. Results are kept, so each expression is looked at once.

    Attributes:
        is_stored: The statement is the query of a table or a view. Then the lengths of texts matter, too.
    """

    is_stored: bool = False
    _kinds: dict[int, Kind | None] = field(default_factory=dict)
    _kept: list[exp.Expr] = field(default_factory=list)  # an id must not be used again for another node
    _sources: dict[int, dict[str, Source | None]] = field(default_factory=dict)
    _outputs: dict[int, Outputs | None] = field(default_factory=dict)

    def kind(self, node: exp.Expr | None) -> Kind | None:
        """The kind of an expression; None if it is not known."""
        if node is None:
            return None
        if id(node) not in self._kinds:
            self._kept.append(node)
            self._kinds[id(node)] = None  # an expression can't depend on itself
            self._kinds[id(node)] = self._infer(node)
        return self._kinds[id(node)]

    def _infer(self, node: exp.Expr) -> Kind | None:  # noqa: C901  one branch a kind of node
        operator = _OPERATORS.get(type(node))
        if operator:
            return kinds.calculated(operator, self.kind(node.this), self.kind(node.expression))
        if isinstance(node, _BITWISE):
            return self.kind(node.this)
        if isinstance(node, exp.Literal):
            if node.is_string:
                return Kind("varchar", max(len(node.name.encode()), 1), is_literal=True)
            return kinds.kind_of_number(node.name)
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Cast):
            return _cast_kind(node)
        if isinstance(node, (exp.Paren, exp.Neg, exp.Alias, exp.Distinct, exp.Window, exp.Ordered)):
            inner = node.expressions[0] if isinstance(node, exp.Distinct) and node.expressions else node.this
            return self.kind(inner)
        if isinstance(node, exp.WithinGroup):
            return self._within_group(node)
        if isinstance(node, exp.Null):
            return kinds.NULL
        if isinstance(node, _TRUTHS):
            return kinds.BOOL
        if isinstance(node, exp.DPipe):
            return kinds.joined(self.kind(node.this), self.kind(node.expression))
        if isinstance(node, exp.Case):
            return kinds.combined([self.kind(branch) for branch in branches(node)])
        if isinstance(node, exp.Anonymous):
            return self._call(node)
        if isinstance(node, (exp.Substring, exp.Trim)):
            return self._part_of_text(node)
        if isinstance(node, exp.Subquery):
            outputs = self.outputs(node)
            return outputs[0][1] if outputs and len(outputs) == 1 else None
        return function_kinds.of_special_form(node)

    def _part_of_text(self, node: exp.Expr) -> Kind | None:
        inner = self.kind(node.this)
        return Kind("varchar", inner.size) if inner and inner.is_text else inner

    def _call(self, node: exp.Anonymous) -> Kind | None:
        arguments = [self.kind(argument) for argument in node.expressions]
        return function_kinds.of_call(function_name(node), arguments, node.expressions)

    def _within_group(self, node: exp.WithinGroup) -> Kind | None:
        order = node.expression.expressions
        if function_name(node.this) in ("percentile_cont", "percentile_disc") and order:
            return function_kinds.of_percentile(function_name(node.this), self.kind(order[0].this))
        return self.kind(node.this)

    def _column(self, node: exp.Column) -> Kind | None:
        """A column of the nearest query that has one of this name, or of an outer one."""
        parts = [part.name.lower() for part in node.parts]
        if len(parts) > 2 and parts[-1] == "*":
            return None
        statement = node.find_ancestor(*_STATEMENTS)
        while statement is not None:
            sources = self.sources(statement)
            if len(parts) > 1:
                if parts[-2] in sources:
                    return (sources[parts[-2]] or {}).get(parts[-1])
            else:
                columns = [source for source in sources.values() if source is not None and parts[0] in source]
                if columns:
                    return columns[0][parts[0]]
                if None in sources.values():
                    return None
            statement = statement.find_ancestor(*_STATEMENTS)
        return None

    def sources(self, statement: exp.Expr) -> dict[str, Source | None]:
        """The tables and subqueries in FROM, by alias, with their columns; None: the columns are not known."""
        if id(statement) not in self._sources:
            self._kept.append(statement)
            self._sources[id(statement)] = {}  # for a subquery in its own FROM
            self._sources[id(statement)] = {
                node.alias_or_name.lower(): self._source(node) for node in _source_nodes(statement)
            }
        return self._sources[id(statement)]

    def _source(self, node: exp.Expr) -> Source | None:
        if isinstance(node, exp.Subquery):
            return _renamed(self.outputs(node.this), node.args.get("alias"))
        if not isinstance(node, exp.Table) or isinstance(node.this, exp.Func):
            return None
        query = None if node.db else _common_table(node)
        if query is not None:
            return _renamed(self.outputs(query.this), query.args.get("alias"))
        columns = columns_of(node.db or None, node.name)
        if columns is None:
            return None
        return {name.lower(): kinds.kind_of_type(text) for name, text in columns.items()}

    def outputs(self, query: exp.Expr) -> Outputs | None:
        """The columns that a query returns; None if they are not known."""
        if id(query) not in self._outputs:
            self._kept.append(query)
            self._outputs[id(query)] = None  # a recursive query: not known from itself
            self._outputs[id(query)] = self._query_outputs(query)
        return self._outputs[id(query)]

    def _query_outputs(self, query: exp.Expr) -> Outputs | None:
        if isinstance(query, exp.Subquery):
            return self.outputs(query.this)
        if isinstance(query, exp.SetOperation):
            left = self.outputs(query.this)
            right = self.outputs(query.expression)
            if left is None or right is None or len(left) != len(right):
                return None
            pairs = zip(left, right, strict=True)
            return [(name, kinds.combined((kind, other))) for (name, kind), (_, other) in pairs]
        if not isinstance(query, exp.Select):
            return None
        outputs: Outputs = []
        for projection in query.expressions:
            columns = self._projected(query, projection)
            if columns is None:
                return None
            outputs += columns
        return outputs

    def _projected(self, query: exp.Select, projection: exp.Expr) -> Outputs | None:
        """The columns of one item of a select list: several for a star."""
        if not projection.is_star:
            return [(projection.alias_or_name.lower(), self.kind(projection))]
        if any(join.args.get("using") or join.args.get("method") for join in query.args.get("joins") or ()):
            return None
        sources = self.sources(query)
        table = projection.table.lower() if isinstance(projection, exp.Column) else ""
        columns: Outputs = []
        for source in [sources.get(table)] if table else sources.values():
            if source is None:
                return None
            columns += source.items()
        return columns


def branches(node: exp.Case) -> list[exp.Expr]:
    """The results that a CASE can have."""
    default = node.args.get("default")
    return [branch.args["true"] for branch in node.args["ifs"]] + ([default] if default is not None else [])


def _source_nodes(statement: exp.Expr) -> list[exp.Expr]:
    """The tables and subqueries that a statement's columns come from."""
    target = None if isinstance(statement, exp.Select) else statement.this
    nodes = [target] if target is not None else []  # the UPDATE in a MERGE has none of its own
    using = statement.args.get("using") or []
    nodes += using if isinstance(using, list) else [using]
    from_ = statement.args.get("from_")
    owners = [statement, *([from_] if from_ is not None else [])]
    if from_ is not None:
        nodes.append(from_.this)
        owners.append(from_.this)
    nodes += [join.this for owner in owners for join in owner.args.get("joins") or ()]
    return nodes


def _common_table(table: exp.Table) -> exp.CTE | None:
    """The WITH query that the name of a table means, from the inside out."""
    owner: exp.Expr | None = table.parent
    while owner is not None:
        with_ = owner.args.get("with_")
        queries: list[exp.CTE] = with_.expressions if with_ is not None else []
        for query in queries:
            if query.alias.lower() == table.name.lower() and not _is_inside(table, query):
                return query
        owner = owner.parent
    return None


def _is_inside(node: exp.Expr, ancestor: exp.Expr) -> bool:
    parent = node.parent
    while parent is not None and parent is not ancestor:
        parent = parent.parent
    return parent is ancestor


def _renamed(outputs: Outputs | None, alias: exp.Expr | None) -> Source | None:
    """A query's columns by name, with the names of `alias (name, …)`. None: not known, or a name is ambiguous."""
    if outputs is None:
        return None
    names = [column.name.lower() for column in alias.columns] if isinstance(alias, exp.TableAlias) else []
    names += [name for name, _ in outputs[len(names) :]]
    if len(set(names)) < len(outputs) or len(names) > len(outputs):
        return None
    return dict(zip(names, [kind for _, kind in outputs], strict=True))
