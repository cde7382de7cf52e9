"""Quality rules of a common shape, as a star declares them: one line says what holds, a template has the SQL.

Each function here names a template of `warehouse/shared/rules`. A rule that has no shape in common with another is a
SQL file in the star's folder `quality`, see `warehouse.rule_files`.

A table is named by the end of its name in schema `staging` (`sales` is `staging.tickit_sales`) for rules of phase
`staged`, and by its name in the star's schema for rules of phase `star`. Columns are named `table.column`, several of
one table `table.column column`.

Redshift's planner believes declared keys, and may answer from the declaration what a rule asks of the rows. So rules
about the star join and group by expressions of keys (`venue_sk + 0`), which no declaration is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypedDict, Unpack

Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
Phase = Literal["staged", "star", "whole"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One quality rule.

    Attributes:
        name: unique in its star.
        severity: how much a failure weighs; a CRITICAL one alone keeps a run from being published. A failure of many
            rows is CRITICAL whatever this says, see `warehouse.rule_procedures.CRITICAL_FROM`.
        table: what it is about.
        phase: `staged` rules are asked before publishing, `star` rules within the publication and of the whole star.
        description: what it promises.
        max_failed_share: share of rows that may fail, 0 to 1, before the rule does.
        query: gives failed_rows and total_rows.
    """

    name: str
    severity: Severity
    table: str
    phase: Phase
    description: str
    max_failed_share: Decimal
    query: str


class Terms(TypedDict, total=False):
    """What every declaration may say besides what it checks; see `Rule`.

    Severity and description are those in the head of the template unless it does; without either, the severity is
    CRITICAL.
    """

    description: str
    severity: Severity
    max_failed_share: float


@dataclass(frozen=True, slots=True)
class RuleDeclaration:
    """A rule of a common shape: `warehouse.rule_files` renders it for its star.

    Attributes:
        name: see `Rule`.
        shape: template of `warehouse/shared/rules`.
        table: what it is about; `schema.table`, or as the module's docstring says.
        terms: see `Terms`.
        phase: see `Rule`.
        names: what the template is given besides `star` and `table`.
    """

    name: str
    shape: str
    table: str
    terms: Terms
    phase: Phase = "staged"
    names: Mapping[str, object] = field(default_factory=dict)


def _columns(text: str) -> tuple[str, list[str]]:
    """Table and columns of `table.column column`."""
    table, _, columns = text.partition(".")
    return table, columns.split()


# Rows as staged


def unique(name: str, columns: str, *, is_nullable: bool = False, **terms: Unpack[Terms]) -> RuleDeclaration:
    """No two staged rows have the same values in these columns; missing values count as one where they may be."""
    table, keys = _columns(columns)
    return RuleDeclaration(name, "unique", table, terms, names={"columns": keys, "is_nullable": is_nullable})


def no_row_where(name: str, table: str, condition: str, *, joined: str = "", **terms: Unpack[Terms]) -> RuleDeclaration:
    """No staged row meets a condition.

    Args:
        name: the rule's name.
        table: the staged table.
        condition: SQL over its columns; with `joined`, over columns qualified by both tables' names.
        joined: `table.column`: a row is compared with the staged row that has the same value there; rows without one
            are left out.
        terms: see `Terms`.
    """
    other, columns = _columns(joined)
    names = {"condition": condition, "other": other, "key": "".join(columns), "row": table}
    return RuleDeclaration(name, "no_row_where", table, terms, names=names)


def present(name: str, column: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """A staged column has a value in every row."""
    table, columns = _columns(column)
    return no_row_where(name, table, " OR ".join(f"{each} IS NULL" for each in columns), **terms)


def in_range(
    name: str, table: str, ranges: Mapping[str, tuple[float, float]], **terms: Unpack[Terms]
) -> RuleDeclaration:
    """The values of staged columns are between two bounds, both included, or missing."""
    outside = (f"{column} NOT BETWEEN {low} AND {high}" for column, (low, high) in ranges.items())
    return no_row_where(name, table, " OR ".join(outside), **terms)


def in_domain(name: str, column: str, domain: Sequence[str], **terms: Unpack[Terms]) -> RuleDeclaration:
    """The value of a staged column is one of a list, or missing."""
    table, columns = _columns(column)
    values = ", ".join(f"'{value}'" for value in domain)
    return no_row_where(name, table, " OR ".join(f"{each} NOT IN ({values})" for each in columns), **terms)


def known(
    name: str,
    columns: str,
    referred: str,
    *,
    key: str = "",
    or_in: str = "",
    is_optional: bool = False,
    **terms: Unpack[Terms],
) -> RuleDeclaration:
    """What staged rows refer to is staged by the same run.

    Args:
        name: the rule's name.
        columns: the referring columns; a row fails when any of them is unknown.
        referred: the staged table that they refer to.
        key: its column, where that is not named like the referring one.
        or_in: a table of the star in which the reference may be found instead.
        is_optional: a row without a reference passes.
        terms: see `Terms`.
    """
    table, referring = _columns(columns)
    names = {"columns": referring, "referred": referred, "key": key, "or_in": or_in, "is_optional": is_optional}
    return RuleDeclaration(name, "known", table, terms, names=names)


def members_known(name: str, fact: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """What a declared fact refers to is staged by the same run, or it refers to none."""
    return RuleDeclaration(name, "members_known", fact, terms)


# Counts


def books_balance(
    *, entities: int = 0, compares: Sequence[Literal["fetched", "validated"]], **terms: Unpack[Terms]
) -> RuleDeclaration:
    """The counts of each raw entity add up.

    Args:
        name: the rule's name.
        entities: how many there must be; at least one if that is not said.
        compares: what the source reported is compared with: the records fetched, those that validation read, or both.
        terms: see `Terms`.
    """
    names = {"entities": entities, "compares": compares}
    return RuleDeclaration("books_balance", "books_balance", "etl.run_tables", terms, names=names)


def star_books_balance(**terms: Unpack[Terms]) -> RuleDeclaration:
    """The counts of each table of the star add up."""
    return RuleDeclaration("star_books_balance", "star_books_balance", "etl.run_tables", terms, phase="star")


def records_complete(name: str, *, entity: str = "", **terms: Unpack[Terms]) -> RuleDeclaration:
    """Of the records that the source reported, of one entity or of all, none is missing."""
    return RuleDeclaration(name, "records_complete", "etl.run_tables", terms, names={"entity": entity})


def few_records(name: str, kind: Literal["quarantined", "duplicate"], **terms: Unpack[Terms]) -> RuleDeclaration:
    """Of the records landed, few are of a kind."""
    return RuleDeclaration(name, "few_records", "etl.run_tables", terms, names={"kind": kind})


def all_staged(name: str, tables: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """As many rows of these tables, separated by spaces, are staged as were curated."""
    return RuleDeclaration(name, "all_staged", tables.split(maxsplit=1)[0], terms, names={"tables": tables.split()})


def tables_present(table: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """Every staged table of the star has a row; `table` is the one that results are listed under."""
    return RuleDeclaration("tables_present", "tables_present", table, terms)


def observed_on_business_date(table: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """Every row of every staged table was observed on the run's day; results are listed under `table`."""
    return RuleDeclaration("observed_on_business_date", "observed_on_business_date", table, terms)


def row_count_drop(table: str, *, without: str = "", **terms: Unpack[Terms]) -> RuleDeclaration:
    """No declared table has less than half the rows that readers have.

    Args:
        name: the rule's name.
        table: results are listed under it.
        without: staged tables left out, separated by spaces.
        terms: see `Terms`.
    """
    return RuleDeclaration("row_count_drop", "row_count_drop", table, terms, names={"without": without.split()})


# The star


def one_row_per(
    name: str, table: str, grain: Sequence[str], *, observed: str = "", **terms: Unpack[Terms]
) -> RuleDeclaration:
    """A table of the star has one row per grain.

    Args:
        name: the rule's name.
        table: the table.
        grain: expressions, see the module's docstring.
        observed: the column with the day, where only rows of the days asked about are counted.
        terms: see `Terms`.
    """
    names = {"grain": grain, "observed": observed}
    return RuleDeclaration(name, "one_row_per", table, terms, phase="star", names=names)


def resolves(name: str, keys: str, *, observed: str = "", **terms: Unpack[Terms]) -> RuleDeclaration:
    """Every surrogate key of a table of the star is in its dimension, every date key in the calendar.

    Args:
        name: the rule's name.
        keys: `table.column column`: columns `<dimension>_sk` and `<…>_date_key`.
        observed: see `one_row_per`.
        terms: see `Terms`.
    """
    table, columns = _columns(keys)
    names = {"columns": columns, "observed": observed}
    return RuleDeclaration(name, "resolves", table, terms, phase="star", names=names)


def keys_resolve(name: str, fact: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """Every surrogate key of a declared fact is that of the member whose id the row names."""
    return RuleDeclaration(name, "keys_resolve", fact, terms, phase="star")


def as_carried(name: str, fact: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """What a declared fact repeats of a row that it refers to, and finds through it, is what that row says."""
    return RuleDeclaration(name, "as_carried", fact, terms, phase="star")


def as_staged(name: str, table: str, *, tables: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """Declared tables of the star hold the rows that the run staged.

    Args:
        name: the rule's name.
        table: results are listed under it.
        tables: names of the tables in the star, separated by spaces.
        terms: see `Terms`.
    """
    return RuleDeclaration(name, "as_staged", table, terms, phase="star", names={"tables": tables.split()})


def same_sums(name: str, fact: str, columns: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """A declared fact has as many rows as the run staged, with the same sums: cheaper than to compare each row."""
    return RuleDeclaration(name, "same_sums", fact, terms, phase="star", names={"columns": columns.split()})


def unknown_members_present(table: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """Every dimension has its unknown member; results are listed under `table`."""
    return RuleDeclaration("unknown_members_present", "unknown_members_present", table, terms, phase="star")


def dimensions_no_fan_out(table: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """No key and no id is in a dimension twice; results are listed under `table`."""
    return RuleDeclaration("dimensions_no_fan_out", "dimensions_no_fan_out", table, terms, phase="star")


# Versions of a dimension


def one_current(name: str, dimension: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """Every member has exactly one current version."""
    return RuleDeclaration(name, "one_current", dimension, terms, phase="star")


def adjoining(name: str, dimension: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """The versions of a member follow each other without gap or overlap."""
    return RuleDeclaration(name, "adjoining", dimension, terms, phase="star")


def differing(name: str, dimension: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """Neighbouring versions of a member differ in content."""
    return RuleDeclaration(name, "differing", dimension, terms, phase="star")


def covered(name: str, dimension: str, **terms: Unpack[Terms]) -> RuleDeclaration:
    """What was observed of a member on a day is what its version of that day holds."""
    return RuleDeclaration(name, "covered", dimension, terms, phase="star")
