"""The quality rules of a star whose tables are all declared: it need not write them itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from warehouse.dimensions import Dimension
from warehouse.facts import Fact
from warehouse.rules import (
    RuleDeclaration,
    all_staged,
    as_staged,
    books_balance,
    dimensions_no_fan_out,
    few_records,
    keys_resolve,
    members_known,
    observed_on_business_date,
    one_row_per,
    records_complete,
    row_count_drop,
    star_books_balance,
    tables_present,
    unique,
    unknown_members_present,
)

FEW_REJECTED = few_records(
    "records_rejected",
    "quarantined",
    max_failed_share=0.005,
    description="Of the records landed, at most 5 in 1,000 are in quarantine.",
)
FEW_REPEATED = few_records(
    "records_repeated",
    "duplicate",
    max_failed_share=0.005,
    description="Of the records landed, at most 5 in 1,000 repeat another one, with the same content: those with other "
    "content are in quarantine.",
)


def standard_rules(dimensions: Sequence[Dimension], facts: Sequence[Fact]) -> tuple[RuleDeclaration, ...]:
    """The rules of the star as a whole, of each of its tables, and of each fact."""
    members: tuple[Dimension | Fact, ...] = (*dimensions, *facts)
    first = members[0].curated
    return (
        books_balance(compares=("validated",)),
        star_books_balance(),
        records_complete("records_complete"),
        FEW_REJECTED,
        FEW_REPEATED,
        all_staged("members_all_staged", " ".join(member.curated for member in members)),
        tables_present(first),
        observed_on_business_date(first),
        row_count_drop(first),
        unknown_members_present(dimensions[0].table_name),
        dimensions_no_fan_out(dimensions[0].table_name),
        *(rule for member in members for rule in _of_a_table(member)),
        *(rule for fact in facts for rule in _of_a_fact(fact)),
    )


def _of_a_table(member: Dimension | Fact) -> Iterator[RuleDeclaration]:
    table = member.table_name
    yield unique(f"{member.name}_keys_unique", f"{member.curated}.{member.key}")
    yield as_staged(f"{table}_as_staged", table, tables=table)


def _of_a_fact(fact: Fact) -> Iterator[RuleDeclaration]:
    table = fact.table_name
    yield keys_resolve(f"{table}_keys_resolve", table)
    yield members_known(f"{fact.name}_members_known", fact.curated)
    yield one_row_per(f"{table}_one_row_per_{fact.name}", table, [f"CAST({fact.key} AS VARCHAR(256))"])
