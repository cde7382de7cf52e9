"""Declared rules: what a declaration contains and its template adds, and whose rows a rule counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import resources

import pytest

from tests.fixtures.warehouse import DirectRedshift, empty
from tests.warehouse import test_quality as of_events
from tests.warehouse.test_standard import STAR as ACME
from tests.warehouse.tickit import test_quality as of_sales
from warehouse import quality
from warehouse.quality import QualityGateFailed
from warehouse.rule_files import BadRule, declared_rules, parse, rules
from warehouse.rules import Rule, as_staged, known, no_row_where, one_row_per, unique
from warehouse.stars import stars
from warehouse.ticketmaster import STAR as TICKETMASTER
from warehouse.tickit import STAR as TICKIT

D1, D2 = date(2026, 11, 20), date(2026, 11, 21)


def only(*declarations) -> Rule:
    (rule,) = declared_rules(replace(ACME, rules=declarations))
    return rule


def test_a_rule_has_the_severity_and_the_words_of_its_template() -> None:
    rule = only(unique("order_keys_unique", "orders.order_id"))
    assert (rule.severity, rule.table, rule.phase) == ("CRITICAL", "staging.acme_orders", "staged")
    assert rule.description == "No order is staged twice in a run."
    assert only(known("order_item_known", "orders.item_id", "items", description="…")).severity == "HIGH"


def test_a_declaration_may_say_otherwise() -> None:
    rule = only(unique("k", "orders.order_id", severity="LOW", max_failed_share=0.02, description="Few repeat."))
    assert (rule.severity, rule.max_failed_share, rule.description) == ("LOW", Decimal("0.02"), "Few repeat.")


def test_a_rule_about_the_star_is_about_its_schema() -> None:
    rule = only(one_row_per("fact_orders_one_row_per_order", "fact_orders", ["order_id + 0"]))
    assert (rule.table, rule.phase) == ("acme.fact_orders", "star")
    assert rule.description == "fact_orders has one row per order."


def test_of_two_rules_of_a_name_the_later_one_holds() -> None:
    mine = unique("order_keys_unique", "orders.order_id", severity="HIGH")
    named = {rule.name: rule for rule in declared_rules(replace(ACME, rules=(*ACME.rules, mine)))}
    assert named["order_keys_unique"].severity == "HIGH"
    assert len(named) == len({rule.name for rule in ACME.rules})


@pytest.mark.parametrize(
    ("declaration", "fault"),
    [
        (no_row_where("r", "orders", "quantity < 1"), "it has no description"),
        (no_row_where("r", "orders", "a); DELETE FROM x; SELECT (1", description="d"), "one query"),
        (no_row_where("Not a name", "orders", "a < 1", description="d"), "the name is not in lower case"),
    ],
)
def test_a_declaration_with_a_fault_is_refused(declaration, fault: str) -> None:
    with pytest.raises(BadRule, match=fault):
        only(declaration)


HEADER = {"name": "r", "severity": "HIGH", "table": "a.b", "phase": "star", "description": "d"}
QUERY = "SELECT 0 AS failed_rows, 1 AS total_rows"


def _file(header: dict[str, str], query: str = QUERY) -> str:
    return "".join(f"-- {key}: {value}\n" for key, value in header.items()) + query


@pytest.mark.parametrize("key", HEADER)
def test_a_rule_file_says_all_that_a_rule_has(key: str) -> None:
    assert parse("r", _file(HEADER)).query == QUERY
    with pytest.raises(BadRule, match=f"rule r: the header lacks {key}$"):
        parse("r", _file({name: value for name, value in HEADER.items() if name != key}))


@pytest.mark.parametrize(
    "query",
    ["SELECT 0 AS failed_rows", "SELECT 1 AS total_rows", f"{QUERY}; {QUERY}", "SELECT 0 AS failed, 1 AS total"],
)
def test_a_rule_is_one_query_that_counts_failed_rows_and_all_rows(query: str) -> None:
    with pytest.raises(BadRule, match="rule r: it must be one query that returns failed_rows and total_rows"):
        parse("r", _file(HEADER, query))


def test_every_template_is_used() -> None:
    shapes = {declaration.shape for star in (*stars(), ACME) for declaration in star.rules}
    folder = resources.files("warehouse").joinpath("shared", "rules")
    assert shapes == {file.name.removesuffix(".sql") for file in folder.iterdir()}


def test_a_table_that_no_member_has_is_not_compared() -> None:
    rule = only(as_staged("r", "dim_item", tables="dim_item"))
    assert "fact_orders" not in rule.query


def counts(redshift: DirectRedshift, run_id: str) -> dict[str, tuple[int, int]]:
    try:
        result = quality.audit(redshift, run_id, 0)
    except QualityGateFailed as failure:
        result = failure.result
    return {rule.name: (rule.failed_rows, rule.total_rows) for rule in result.results}


@pytest.mark.parametrize(("star", "module"), [(TICKETMASTER, of_events), (TICKIT, of_sales)], ids=["events", "sales"])
def test_a_rule_counts_the_rows_of_its_run_alone(redshift: DirectRedshift, star, module) -> None:
    """Another run has staged the same rows: neither are they counted, nor do references to them resolve."""
    run_id = module.stage(redshift, module.good(D2))
    _lose_references(redshift, star.name, run_id)
    alone = counts(redshift, run_id)
    empty(redshift)

    module.stage(redshift, module.good(D1))
    run_id = module.stage(redshift, module.good(D2))
    _lose_references(redshift, star.name, run_id)
    assert counts(redshift, run_id) == alone
    assert set(alone) == {rule.name for rule in rules(star.name) if rule.phase == "staged"}
    assert any(failed for failed, _ in alone.values())


def _lose_references(redshift: DirectRedshift, star: str, run_id: str) -> None:
    """Delete what the run's other rows refer to; another run still has it."""
    tables = {
        "ticketmaster": ("venues", "attractions", "classifications", "markets"),
        "tickit": ("users", "venues", "categories"),
    }
    for table in tables[star]:
        redshift.execute(f"DELETE FROM staging.{star}_{table} WHERE run_id = :run_id", {"run_id": run_id})


@pytest.mark.parametrize(
    ("versions", "failed_rows"),
    [
        ([("2026-01-01", "2026-02-01"), ("2026-02-01", "9999-12-31")], 0),
        ([("2026-01-01", "2026-02-01"), ("2026-02-02", "9999-12-31")], 1),
        ([("2026-01-01", "2026-02-02"), ("2026-02-01", "9999-12-31")], 1),
        ([("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-02-01")], 1),
    ],
    ids=["one after the other", "a gap", "an overlap", "an empty version"],
)
def test_versions_with_a_gap_an_overlap_or_no_day_are_counted(
    redshift: DirectRedshift, versions: list[tuple[str, str]], failed_rows: int
) -> None:
    (rule,) = (rule for rule in rules("ticketmaster") if rule.name == "venue_versions_adjoin")
    (before,) = redshift.execute(rule.query)
    for valid_from, valid_to in versions:
        redshift.execute(
            "INSERT INTO ticketmaster.dim_venue (venue_id, valid_from, valid_to, is_current, row_hash) "
            "VALUES ('V9', CAST(:valid_from AS DATE), CAST(:valid_to AS DATE), FALSE, :valid_from)",
            {"valid_from": valid_from, "valid_to": valid_to},
        )
    (after,) = redshift.execute(rule.query)
    assert after["failed_rows"] - (before["failed_rows"] or 0) == failed_rows
    assert after["total_rows"] - before["total_rows"] == 2
