"""A star that lacks a required part is reported; the message names the star, the missing part, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from aws_services import resources
from infra.checkout import ROOT
from infra.checks import completeness
from infra.checks.warehouse_tables import warehouse_tables
from schemas.registry import get_source
from warehouse.rule_files import rules
from warehouse.rules import Rule
from warehouse.stars import Star, stars

STARS = {star.name: star for star in stars()}
TICKIT, TICKETMASTER = STARS["tickit"], STARS["ticketmaster"]


def only(faults: Iterable[str]) -> str:
    [fault] = faults
    return fault


def test_nothing_is_missing() -> None:
    assert completeness.faults() == []


def without(star: Star, *names: str) -> list[Rule]:
    assert set(names) <= {rule.name for rule in rules(star.name)}
    return [rule for rule in rules(star.name) if rule.name not in names]


@pytest.mark.parametrize(
    ("star", "rule", "words"),
    [
        (TICKIT, "books_balance", "raw records are curated, quarantined or duplicates"),
        (TICKIT, "records_complete", "all records that the source reported were landed"),
        (TICKETMASTER, "events_rejected", "few records are in quarantine"),
        (TICKETMASTER, "events_all_staged", "every curated row is staged"),
        (TICKIT, "tables_present", "an empty load never empties the star"),
        (TICKIT, "row_count_drop", "half the rows"),
        (TICKETMASTER, "observed_on_business_date", "on the run's day"),
        (TICKIT, "star_books_balance", "staged = inserted + versioned + unchanged"),
        (TICKETMASTER, "unknown_members_present", "unknown member"),
        (TICKIT, "fact_sales_one_row_per_sale", "fact_sales has one row"),
        (TICKETMASTER, "bridge_venue_market_keys_resolve", "every key of bridge_venue_market"),
        (TICKIT, "user_contact_keys_unique", "staging.tickit_user_contacts once"),
    ],
)
def test_a_rule_that_every_star_has_is_missed(star: Star, rule: str, words: str) -> None:
    fault = only(completeness.of_rules(star, without(star, rule)))
    assert words in fault
    assert f"warehouse/{star.name}/rules.py" in fault


def test_a_rule_that_is_too_mild_or_asked_too_late_is_none() -> None:
    mild = [replace(rule, severity="LOW") if rule.name == "books_balance" else rule for rule in rules("tickit")]
    late = [replace(rule, phase="star") if rule.name == "books_balance" else rule for rule in rules("tickit")]
    assert "severity CRITICAL, phase staged" in only(completeness.of_rules(TICKIT, mild))
    assert "severity CRITICAL, phase staged" in only(completeness.of_rules(TICKIT, late))


def test_a_star_needs_a_rule_of_phase_star() -> None:
    staged = [rule for rule in rules("tickit") if rule.phase == "staged"]
    assert any("a publication fails without one" in fault for fault in completeness.of_rules(TICKIT, staged))


def test_a_table_that_a_rule_about_all_of_them_passes_over_is_named() -> None:
    wider = replace(TICKIT, staged=(*TICKIT.staged, "tickit_gifts"), tables=(*TICKIT.tables, "dim_gift"))
    faults = list(completeness.of_rules(wider, rules("tickit")))
    assert any("observed_on_business_date doesn't check staging.tickit_gifts" in fault for fault in faults)
    assert any("unknown_members_present doesn't check tickit.dim_gift" in fault for fault in faults)
    assert any("once" in fault and "staging.tickit_gifts" in fault for fault in faults)


def test_a_column_without_a_meaning_is_named() -> None:
    sales = deepcopy(warehouse_tables()["tickit.fact_sales"])  # the tables are cached
    sales.columns["commission"].meaning = ""
    fault = only(completeness.of_meanings(TICKIT, [sales]))
    assert "tickit.fact_sales" in fault
    assert "commission" in fault
    assert "warehouse/tickit/__init__.py" in fault
    assert "warehouse/tickit/comments" in fault


def test_what_analysts_may_not_read_is_named_with_the_grant_that_lacks() -> None:
    own = [table for table in warehouse_tables().values() if table.schema == "tickit"]
    grant = "GRANT SELECT ON TABLE tickit.v_sales TO ROLE data_analysts;"
    texts = [file.text.replace(grant, "") for file in TICKIT.sql_files("grants")]
    assert f"add '{grant}'" in only(completeness.of_grants(TICKIT, own, texts))
    assert len(list(completeness.of_grants(TICKIT, [], []))) == 2  # neither role may use the schema


def test_resources_that_are_not_those_of_the_contracts_are_named() -> None:
    source = get_source("tickit")
    less = replace(resources.TICKIT, tables=resources.TICKIT.tables[1:], entities=resources.TICKIT.entities[1:])
    faults = list(completeness.of_resources(TICKIT, less, source))
    assert ["lists the entities" in faults[0], "lists the tables" in faults[1]] == [True, True]
    assert "add it to PIPELINES" in only(completeness.of_resources(TICKIT, None, source))
    assert "add schemas/tickit/__init__.py" in only(completeness.of_resources(TICKIT, resources.TICKIT, None))
    other = replace(resources.TICKIT, source="tickets")
    assert "must have the same name" in only(completeness.of_resources(TICKIT, other, source))


def test_personal_data_that_is_not_listed_is_named() -> None:
    source = get_source("tickit")
    faults = list(completeness.of_personal_data(replace(resources.TICKIT, personal_data=()), source))
    assert any("curated user_contacts has personal data (username" in fault for fault in faults)
    assert any("no raw data of it is listed" in fault for fault in faults)


def test_a_column_that_names_a_person_must_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    source = get_source("tickit")
    row = source.tables["user_contacts"]
    silent = tuple(replace(column, description="Text.") for column in row.columns())
    monkeypatch.setattr(row, "columns", lambda: silent)
    faults = list(completeness.of_personal_data(resources.TICKIT, source))
    assert len(faults) == 5
    assert "user_contacts.email looks like personal data" in "".join(faults)


def test_a_missing_script_dag_or_template_is_named(tmp_path: Path) -> None:
    faults = "\n".join(completeness.of_programs(resources.TICKIT, tmp_path))
    for program in ("glue_jobs/tickit_star.py", "dags/tickit_load.py", "--env dev --write", "--env prod --write"):
        assert program in faults
    assert list(completeness.of_programs(resources.TICKIT, ROOT)) == []
