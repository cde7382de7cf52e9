"""The nodes of a query that Redshift has, each with the arguments that may be set.

sqlglot's generator drops an argument that the target dialect lacks, without an error. So an argument that is not on
this page is refused, as is a node class that is not.
Source: https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_SQLCommandRef.html
"""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift, UnsupportedStatement

_CLAUSES = "with_ expressions distinct from_ joins where group having qualify order limit offset"
_COMBINED = "with_ this expression distinct order limit offset"
_BINARY = "this expression"

_ARGUMENTS: dict[type[exp.Expr], str] = {
    # queries
    exp.Select: _CLAUSES, exp.Union: _COMBINED, exp.Except: _COMBINED, exp.Intersect: _COMBINED,
    exp.Subquery: "this alias with_ order limit offset", exp.With: "expressions recursive", exp.CTE: "this alias",
    exp.From: "this", exp.Join: "this on side kind using method expressions", exp.Where: "this", exp.Having: "this",
    exp.Qualify: "this", exp.Group: "expressions grouping_sets cube rollup", exp.Order: "expressions",
    exp.Ordered: "this desc nulls_first", exp.Limit: "expression", exp.Offset: "expression",
    exp.Distinct: "expressions",
    exp.Rollup: "expressions", exp.Cube: "expressions", exp.GroupingSets: "expressions",
    exp.Table: "this alias db catalog joins", exp.TableAlias: "this columns", exp.Values: "expressions",
    exp.Tuple: "expressions", exp.Schema: "this expressions",
    # data manipulation
    exp.Insert: "with_ this expression default", exp.Update: "with_ this expressions from_ where",
    exp.Delete: "with_ this using where",
    exp.Merge: "this using on whens", exp.Whens: "expressions", exp.When: "matched condition then",
    # names and values
    exp.Alias: "this alias", exp.Column: "this table db catalog", exp.Identifier: "this quoted", exp.Star: "",
    exp.Pseudocolumn: "this table", exp.Dot: _BINARY, exp.Bracket: "this expressions", exp.Literal: "this is_string",
    exp.Null: "", exp.Boolean: "this", exp.Paren: "this", exp.Var: "this", exp.Interval: "this unit",
    exp.IntervalSpan: _BINARY, exp.DataType: "this expressions kind", exp.DataTypeParam: "this",
    # conditions
    exp.Not: "this", exp.And: _BINARY, exp.Or: _BINARY, exp.EQ: _BINARY, exp.NEQ: _BINARY, exp.GT: _BINARY,
    exp.GTE: _BINARY, exp.LT: _BINARY, exp.LTE: _BINARY, exp.Is: "this expression negate",
    exp.In: "this expressions query field", exp.Between: "this low high", exp.Like: "this expression negate",
    exp.ILike: "this expression negate", exp.SimilarTo: _BINARY, exp.RegexpLike: _BINARY, exp.Escape: _BINARY,
    exp.Exists: "this", exp.Any: "this", exp.All: "this",
    # operators
    exp.Neg: "this", exp.Add: _BINARY, exp.Sub: _BINARY, exp.Mul: _BINARY, exp.Div: "this expression typed safe",
    exp.Mod: _BINARY, exp.DPipe: "this expression safe", exp.Pow: _BINARY, exp.BitwiseAnd: _BINARY,
    exp.BitwiseOr: _BINARY, exp.BitwiseXor: _BINARY, exp.BitwiseNot: "this", exp.BitwiseLeftShift: _BINARY,
    exp.BitwiseRightShift: _BINARY, exp.Collate: _BINARY, exp.AtTimeZone: "this zone",
    # calls and special forms
    exp.Anonymous: "this expressions", exp.Concat: "expressions safe coalesce", exp.ObjectTransform: "this keep set_",
    exp.Case: "this ifs default", exp.If: "this true", exp.Cast: "this to",
    exp.TryCast: "this to safe", exp.Extract: _BINARY, exp.StrPosition: "this substr",
    exp.Substring: "this start length", exp.Trim: "this expression position", exp.CurrentDate: "",
    exp.CurrentUser: "", exp.CurrentUserId: "", exp.SessionUser: "", exp.IgnoreNulls: "this",
    exp.RespectNulls: "this", exp.WithinGroup: _BINARY,
    exp.Window: "this partition_by order spec over", exp.WindowSpec: "kind start start_side end end_side",
}  # fmt: skip
_ALLOWED = {kind: frozenset(arguments.split()) for kind, arguments in _ARGUMENTS.items()}

_NAMES = {
    "locks": "FOR UPDATE", "sample": "TABLESAMPLE", "distribute": "DISTRIBUTE BY", "sort": "SORT BY",
    "cluster": "CLUSTER BY", "materialized": "MATERIALIZED", "by_name": "BY NAME", "sides": "LEFT",
    "ordinality": "ORDINALITY", "only": "ONLY", "format": "FORMAT", "conflict": "ON CONFLICT", "overwrite": "OVERWRITE",
    "except_": "EXCEPT", "ilike": "ILIKE", "replace": "REPLACE", "rename": "RENAME", "field": "IN",
    "symmetric": "SYMMETRIC", "totals": "TOTALS", "first": "FIRST", "exclude": "EXCLUDE", "kind": "AS",
}  # fmt: skip


def refuse_unknown(node: exp.Expr) -> None:
    """Raises an error unless Redshift has this node and the arguments that are set.

    Raises:
        RefusedByRedshift: An argument is set that Redshift's grammar lacks.
        UnsupportedStatement: The stand-in does not support the node, or an argument that Redshift has.
    """
    kind = type(node)
    allowed = _ALLOWED.get(kind)
    if allowed is None:
        raise UnsupportedStatement(f"the local Redshift does not support {kind.__name__}: {_source(node)}")
    for name, value in node.args.items():
        is_set = value is not None if name == "materialized" else value not in (None, False, [])
        if name in allowed or not is_set:
            continue
        word = _NAMES.get(name, name.strip("_").replace("_", " ").upper())
        raise RefusedByRedshift(f'syntax error at or near "{word}": Redshift has no such clause here')


def _source(node: exp.Expr) -> str:
    return node.sql("redshift")[:120]
