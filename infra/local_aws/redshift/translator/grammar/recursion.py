"""Recursive common table expressions: a column list, one UNION ALL, and a plain recursive part.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_WITH_clause.html
"""

from __future__ import annotations

from sqlglot import exp

from ...errors import RefusedByRedshift

_NOT_INSIDE = {
    "distinct": "DISTINCT", "group": "GROUP BY", "having": "HAVING", "order": "ORDER BY", "limit": "LIMIT",
    "offset": "OFFSET",
}  # fmt: skip


def refuse_recursion(cte: exp.Expr) -> None:
    """Raises RefusedByRedshift for a recursive CTE that Redshift can't run."""
    with_ = cte.parent
    if not isinstance(with_, exp.With) or not with_.recursive or not _references(cte.this, cte.alias):
        return
    if not cte.args["alias"].columns:
        raise RefusedByRedshift(f'recursive CTE "{cte.alias}" must have a column list')
    query = cte.this
    if not isinstance(query, exp.Union) or query.args.get("distinct"):
        raise RefusedByRedshift(f'recursive CTE "{cte.alias}" must be a seed query UNION ALL a recursive query')
    seed_references = _references(query.this, cte.alias)
    if seed_references or len(_references(query.expression, cte.alias)) > 1:
        raise RefusedByRedshift(f'recursive CTE "{cte.alias}" must be referenced once, after its UNION ALL')
    _refuse_clauses(query.expression.unnest(), cte.alias)


def _references(query: exp.Expr, name: str) -> list[exp.Table]:
    return [table for table in query.find_all(exp.Table) if table.name.lower() == name.lower() and not table.db]


def _refuse_clauses(select: exp.Expr, name: str) -> None:
    for clause, words in _NOT_INSIDE.items():
        if select.args.get(clause):
            raise RefusedByRedshift(f'{words} is not supported in the recursive part of CTE "{name}"')
    if select.find(exp.Window):
        raise RefusedByRedshift(f'window functions are not supported in the recursive part of CTE "{name}"')
