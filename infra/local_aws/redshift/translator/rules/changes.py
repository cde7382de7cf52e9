"""Forms of UPDATE, DELETE and INSERT that PostgreSQL does not have."""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift


def add_from_to_delete(tree: exp.Expr) -> exp.Expr:
    """`DELETE t …`: FROM may be left out.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_DELETE.html
    """
    tables = tree.args.get("tables") if isinstance(tree, exp.Delete) else None
    if tables and len(tables) == 1 and not tree.args.get("this"):
        tree.set("this", tables[0])
        tree.set("tables", None)
    return tree


def refuse_lists_in_set(tree: exp.Expr) -> exp.Expr:
    """`SET (a, b) = (1, 2)`: each column needs an assignment of its own.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_UPDATE.html
    """
    if isinstance(tree, exp.Update) and any(isinstance(part.this, (exp.Tuple, exp.Paren)) for part in tree.expressions):
        raise RefusedByRedshift('syntax error at or near "("')
    return tree
