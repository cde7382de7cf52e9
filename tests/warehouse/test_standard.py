"""A star of declared facts gets procedures that merge the rows of the newest day, and rules that find faults.

The star is that of a new source, in the session's warehouse.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlfluff.core import FluffConfig, Linter

from aws_services.errors import StatementFailed
from infra.checkout import ROOT
from infra.checks import redshift_sql
from infra.launcher.new_source import Skeleton
from runs.ledger import TableCounts, open_run, record_entities
from tests.fixtures.warehouse import DirectRedshift
from warehouse.facts import Fact
from warehouse.procedures import procedures
from warehouse.rule_files import declared_rules
from warehouse.rule_procedures import star_procedure
from warehouse.stars import current_star
from warehouse.statements import split

FILES = Skeleton("acme", "tickit", ROOT).files()


def _module(name: str) -> Any:
    """A module of the new source, which is not in the tree."""
    module = ModuleType(name)
    sys.modules[name] = module
    exec(compile(FILES[Path(*name.split("."), "__init__.py")], name, "exec"), module.__dict__)
    return module


CONTRACT, STAR = _module("schemas.acme"), _module("warehouse.acme").STAR
for name in ("schemas.acme", "warehouse.acme"):
    del sys.modules[name]
RULES = declared_rules(STAR)
PROCEDURES = dict(procedures(STAR))
D1, D2, D3 = (date(2026, 11, day) for day in (1, 2, 3))
Row = dict[str, Any]


def item(id_: str, name: str = "Cap") -> Row:
    return {"item_id": id_, "name": name, "price": Decimal("15.00"), "row_hash": f"{id_}{name}"}


def order(id_: str, item_id: str = "I-1", quantity: int = 1, key: int = 20261101) -> Row:
    return {
        "order_id": id_,
        "item_id": item_id,
        "ordered_on": date(2026, 11, 1),
        "order_date_key": key,
        "quantity": quantity,
        "amount": Decimal("15.00") * quantity,
        "row_hash": f"{id_}{item_id}{quantity}",
    }


@pytest.fixture(scope="module")
def acme(migrated_redshift: DirectRedshift) -> Iterator[DirectRedshift]:
    """The session's warehouse with the star; without it again after the last test."""
    tables = "\n".join(table.create() for table in STAR.declared_tables)
    migrated_redshift.batch(["CREATE SCHEMA acme", *split(tables)])
    for text in (*PROCEDURES.values(), star_procedure("acme", RULES)):
        migrated_redshift.batch(split(text))
    yield migrated_redshift
    staged = [f"DROP TABLE staging.{table}" for table in STAR.staged]
    migrated_redshift.batch(["DROP SCHEMA acme CASCADE", *staged])


@pytest.fixture
def warehouse(acme: DirectRedshift, redshift: DirectRedshift) -> DirectRedshift:
    """The star without a row, but for the unknown member."""
    staged = [f"DELETE FROM staging.{table}" for table in STAR.staged]
    acme.batch(["DELETE FROM acme.fact_orders", "DELETE FROM acme.dim_item WHERE item_sk <> 0", *staged])
    return acme


def stage(warehouse: DirectRedshift, on: date, items: Sequence[Row], orders: Sequence[Row], lost: int = 0) -> str:
    """Open a run, write its books, stage its rows; `lost` orders were curated and are not staged."""
    run_id = f"acme_load-{on}"
    open_run(warehouse, run_id, STAR.pipeline, on, 1)
    sizes = {"items": len(items), "orders": len(orders) + lost}
    counts = [
        TableCounts(
            table_name=entity, said_records=size, got_records=size, raw_records=size, distinct_records=size,
            curated_records=size, quarantined_records=0, duplicate_records=0, residual_records=0,
        )
        for entity, size in sizes.items()
    ]  # fmt: skip
    record_entities(warehouse, run_id, STAR.pipeline, on, counts)
    for table, rows in (("acme_items", items), ("acme_orders", orders)):
        warehouse.insert(f"staging.{table}", [{"run_id": run_id, "observed_on": on} | row for row in rows])
    return run_id


def failing(warehouse: DirectRedshift, run_id: str, phase: str) -> set[str]:
    """Names of the rules of a phase that fail."""
    warehouse.execute(f"CALL acme.sp_check_quality('{run_id}', '{phase}')")
    query = "SELECT rule_name FROM etl.data_quality_results WHERE run_id = :run AND phase = :phase AND NOT passed"
    return {row["rule_name"] for row in warehouse.execute(query, {"run": run_id, "phase": phase})}


def merge(warehouse: DirectRedshift, run_id: str) -> None:
    """Publish what is staged, without asking any rule."""
    calls = [f"CALL {procedure}('{run_id}')" for procedure in STAR.merge]
    warehouse.batch([*calls, f"CALL etl.sp_mark_published('{run_id}')"])


def orders_with_items(warehouse: DirectRedshift) -> list[tuple[Any, ...]]:
    rows = warehouse.execute(
        "SELECT f.order_id, f.quantity, i.name FROM acme.fact_orders AS f "
        "INNER JOIN acme.dim_item AS i ON f.item_sk = i.item_sk ORDER BY f.order_id"
    )
    return [tuple(row.values()) for row in rows]


def test_the_star_becomes_what_the_newest_day_says(warehouse: DirectRedshift) -> None:
    first = stage(warehouse, D1, [item("I-1"), item("I-2", "Shirt")], [order("O-1"), order("O-2", "I-2"), order("O-3")])
    assert failing(warehouse, first, "staged") == set()
    merge(warehouse, first)
    assert failing(warehouse, first, "star") == set()
    assert orders_with_items(warehouse) == [("O-1", 1, "Cap"), ("O-2", 1, "Shirt"), ("O-3", 1, "Cap")]

    second = stage(warehouse, D2, [item("I-1", "Hat"), item("I-9")], [order("O-1", quantity=2), order("O-2", "I-2")])
    merge(warehouse, second)
    assert failing(warehouse, second, "star") == set()
    assert orders_with_items(warehouse) == [("O-1", 2, "Hat"), ("O-2", 1, "Unknown item")]
    [books] = warehouse.execute(
        "SELECT staged_rows, inserted_rows, versioned_rows, unchanged_rows, deleted_rows FROM etl.run_tables "
        f"WHERE run_id = '{second}' AND layer = 'star' AND table_name = 'fact_orders'"
    )
    assert [*books.values()] == [2, 0, 2, 0, 1]


def test_an_older_day_changes_nothing(warehouse: DirectRedshift) -> None:
    merge(warehouse, stage(warehouse, D2, [item("I-1")], [order("O-1")]))
    older = stage(warehouse, D1, [item("I-2")], [order("O-2", "I-2")])
    merge(warehouse, older)
    assert orders_with_items(warehouse) == [("O-1", 1, "Cap")]
    assert failing(warehouse, older, "star") == set()


def test_staging_that_is_not_what_was_curated_is_not_merged(warehouse: DirectRedshift) -> None:
    run_id = stage(warehouse, D1, [item("I-1")], [order("O-1")], lost=1)
    assert failing(warehouse, run_id, "staged") == {"members_all_staged"}
    with pytest.raises(StatementFailed, match="orders: 1 staged, 2 curated"):
        merge(warehouse, run_id)


@pytest.mark.parametrize(
    ("items", "orders", "rules"),
    [
        ([item("I-1")], [], {"tables_present"}),
        ([item("I-1"), item("I-1")], [order("O-1")], {"item_keys_unique"}),
        ([item("I-1")], [order("O-1"), order("O-1")], {"order_keys_unique"}),
        ([item("I-1")], [order("O-1", "I-2")], {"order_members_known"}),
    ],
)
def test_a_fault_of_what_is_staged_is_found(
    warehouse: DirectRedshift, items: list[Row], orders: list[Row], rules: set[str]
) -> None:
    assert failing(warehouse, stage(warehouse, D1, items, orders), "staged") == rules


def test_half_the_rows_of_the_day_before_are_a_drop(warehouse: DirectRedshift) -> None:
    merge(warehouse, stage(warehouse, D1, [item("I-1")], [order(f"O-{n}") for n in range(5)]))
    assert failing(warehouse, stage(warehouse, D2, [item("I-1")], [order("O-1"), order("O-2")]), "staged") == {
        "row_count_drop"
    }


@pytest.mark.parametrize(
    ("damage", "rules"),
    [
        ("DELETE FROM acme.fact_orders WHERE order_id = 'O-1'", {"fact_orders_as_staged"}),
        ("UPDATE acme.fact_orders SET item_sk = 0", {"fact_orders_keys_resolve"}),
        ("UPDATE acme.fact_orders SET order_date_key = 7", {"fact_orders_keys_resolve"}),
        ("UPDATE acme.dim_item SET row_hash = 'x' WHERE item_sk <> 0", {"dim_item_as_staged"}),
        ("DELETE FROM acme.dim_item WHERE item_sk = 0", {"unknown_members_present"}),
        (
            "INSERT INTO acme.dim_item (item_id, row_hash) SELECT item_id, row_hash FROM acme.dim_item "
            "WHERE item_sk <> 0",
            {"dim_item_as_staged", "dimensions_no_fan_out", "fact_orders_keys_resolve"},
        ),
    ],
)
def test_damage_to_the_star_is_found(warehouse: DirectRedshift, damage: str, rules: set[str]) -> None:
    run_id = stage(warehouse, D1, [item("I-1")], [order("O-1"), order("O-2")])
    merge(warehouse, run_id)
    unknown = warehouse.execute("SELECT item_sk, name, row_hash FROM acme.dim_item WHERE item_sk = 0")
    warehouse.execute(damage)
    try:
        assert failing(warehouse, run_id, "star") == rules
    finally:
        warehouse.execute("DELETE FROM acme.dim_item WHERE item_sk = 0")
        warehouse.insert("acme.dim_item", unknown)


def test_a_fact_without_dimensions_and_days_has_rules_that_redshift_reads() -> None:
    order = Fact("order", row=CONTRACT.OrderRow)
    plain = current_star("acme", "acme_load", description="Plain", dimensions=STAR.dimensions, facts=(order,))
    texts = [rule.query for rule in declared_rules(plain)]
    _assert_readable([*texts, *dict(procedures(plain)).values()])


def test_what_templates_give_is_redshifts_sql() -> None:
    _assert_readable([*(rule.query for rule in RULES), *PROCEDURES.values()])


def _assert_readable(texts: Sequence[str]) -> None:
    linter = Linter(config=FluffConfig.from_path(str(ROOT)))
    for text in texts:
        assert [str(fault) for fault in linter.lint_string(text + "\n").get_violations(rules="PRS")] == [], text
        assert "{" not in text
        assert redshift_sql.check("standard", text) == []
