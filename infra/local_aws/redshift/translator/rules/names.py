"""Names that mean something else in PostgreSQL."""

from __future__ import annotations

from sqlglot import exp

from ..system_relations import own_schema


def system_relation(node: exp.Expr) -> exp.Expr:
    """A system relation of ours in place of PostgreSQL's. It keeps its name, so `pg_class.oid` still means it."""
    if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
        return node
    schema = own_schema(node.db, node.name)
    if schema and not _is_common(node):
        node.set("alias", node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(node.name.lower())))
        node.set("db", exp.to_identifier(schema))
        node.set("this", exp.to_identifier(node.name.lower()))
    return node


def _is_common(table: exp.Table) -> bool:
    """Whether the name is that of a WITH query."""
    queries = table.root().find_all(exp.CTE)
    return not table.db and any(query.alias.lower() == table.name.lower() for query in queries)


def default_keyword(node: exp.Expr) -> exp.Expr:
    """`DEFAULT` among inserted values is a keyword, not a column."""
    if isinstance(node, exp.Column) and not node.table and node.name.upper() == "DEFAULT" and not node.this.quoted:
        return exp.Var(this="DEFAULT")
    return node
