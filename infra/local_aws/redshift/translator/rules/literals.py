"""Literals that Redshift reads in another way than PostgreSQL."""

from __future__ import annotations

from sqlglot import exp


def integer_as_truth(node: exp.Expr) -> exp.Expr:
    """`WHERE 1 AND x`: an integer constant as a condition of WHERE; drivers send it in catalog queries."""
    if not isinstance(node, exp.Literal) or not node.is_int or not _is_condition(node):
        return node
    return exp.Boolean(this=int(node.name) != 0)


def _is_condition(node: exp.Expr) -> bool:
    parent = node.parent
    while isinstance(parent, (exp.Paren, exp.Connector)):
        parent = parent.parent
    return isinstance(parent, exp.Where)


def adjacent_strings(node: exp.Expr) -> exp.Expr:
    """String constants on successive lines are one constant. sqlglot reads them as a concatenation.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_Literals.html
    """
    if not isinstance(node, exp.Concat) or not all(isinstance(part, exp.Literal) for part in node.expressions):
        return node
    return exp.Literal.string("".join(part.name for part in node.expressions))
