"""The rules of a star: those that it declares, rendered, and the SQL files of its folder `quality`.

A file is one query with a header. Like a template, it gives one row `failed_rows, total_rows` and may use `p_run_id`,
`v_day` (the run's business date) and, about the star, `v_from` and `v_to`: the observation days asked about. Within a
publication those are the days that it changes, so that it takes no longer as history grows; `quality.check_star` asks
the same rules of all days.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from warehouse.rule_procedures import WEIGHTS
from warehouse.rules import Rule, RuleDeclaration
from warehouse.stars import Star, sql_files, stars
from warehouse.statements import split
from warehouse.templates import render

_HEADER = re.compile(r"^-- (?P<key>[a-z_]+): (?P<value>.+)$")
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")


class BadRule(ValueError):
    """A rule is not as it must be; the message names it and the fault."""


def rules(package: str) -> list[Rule]:
    """The rules of a star, in order of their names. Raises BadRule.

    A file takes the place of the declared rule of that name.
    """
    files = [parse(file.stem, file.text) for file in sql_files(package, "quality")]
    declared = [rule for star in stars() if star.name == package for rule in declared_rules(star)]
    by_name = {rule.name: rule for rule in (*declared, *files)}
    return [by_name[name] for name in sorted(by_name)]


def declared_rules(star: Star) -> list[Rule]:
    """The rules that a star declares; of two of one name the later one. Raises BadRule."""
    by_name = {declaration.name: declaration for declaration in star.rules}
    return [_render(declaration, star) for declaration in by_name.values()]


def _render(declaration: RuleDeclaration, star: Star) -> Rule:
    table = _table(declaration, star)
    members = {member.curated: member for member in star.members} | {m.table_name: m for m in star.members}
    member = members.get(declaration.table)
    names = {"star": star, "name": declaration.name, "table": table, "fact": member, "dimension": member}
    text = render(f"rules/{declaration.shape}", **(names | dict(declaration.names)))
    head = _header(text)
    terms = declaration.terms
    description = terms.get("description", head.get("description"))
    if description is None:
        raise BadRule(f"rule {declaration.name}: nothing describes it")
    return _checked(
        Rule(
            declaration.name,
            terms.get("severity", head.get("severity", "CRITICAL")),  # type: ignore[arg-type]
            table,
            declaration.phase,
            description,
            Decimal(str(terms.get("max_failed_share", 0))),
            text,
        )
    )


def _header(text: str) -> dict[str, str]:
    """Keys and values in the head of a rule's SQL."""
    return {match["key"]: match["value"].strip() for line in text.splitlines() if (match := _HEADER.match(line))}


def _table(declaration: RuleDeclaration, star: Star) -> str:
    """Schema and name of what a declared rule is about."""
    if "." in declaration.table:
        return declaration.table
    if declaration.phase == "staged":
        return f"staging.{star.name}_{declaration.table}"
    return f"{star.name}.{declaration.table}"


def parse(stem: str, text: str) -> Rule:
    """Read one rule file; `stem` is its file name, which must be the rule's. Raises BadRule."""
    header = _header(text)
    if missing := {"name", "severity", "table", "phase", "description"} - header.keys():
        raise BadRule(f"rule {stem}: the header lacks {', '.join(sorted(missing))}")
    if header["name"] != stem:
        raise BadRule(f"rule {stem}: its name says {header['name']!r}")
    return _checked(
        Rule(
            stem,
            header["severity"],  # type: ignore[arg-type]
            header["table"],
            header["phase"],  # type: ignore[arg-type]
            header["description"],
            Decimal(header.get("max_failed_share", "0")),
            text,
        )
    )


def _checked(rule: Rule) -> Rule:
    """The rule, with nothing but its one query. Raises BadRule."""
    if not _NAME.fullmatch(rule.name):
        raise BadRule(f"rule {rule.name}: that is not a name in lower case with underscores")
    if rule.severity not in WEIGHTS or rule.phase not in ("staged", "star"):
        raise BadRule(f"rule {rule.name}: severity {rule.severity!r} or phase {rule.phase!r} is not one of ours")
    if not _NAME.fullmatch(rule.table):
        raise BadRule(f"rule {rule.name}: {rule.table!r} is not a table name")
    queries = split(rule.query)
    if len(queries) != 1 or "failed_rows" not in queries[0] or "total_rows" not in queries[0]:
        raise BadRule(f"rule {rule.name}: it must be one query that gives failed_rows and total_rows")
    return replace(rule, query=queries[0])
