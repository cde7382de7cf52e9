"""Every metric equals SQL that was written by hand on the facts, in two worlds; and BI tools get the same numbers."""

from __future__ import annotations

from typing import Any

import pytest

from semantics.catalog import load
from semantics.datasets import dataset
from semantics.queries import Query, sql_of
from tests.fixtures.warehouse import DirectRedshift
from tests.semantics.handwritten import HANDWRITTEN

CATALOG = load()
MODELS = tuple(dict.fromkeys(metric.model for metric in CATALOG.metrics.values()))


def rows(session: DirectRedshift, sql: str) -> list[tuple[Any, ...]]:
    """Rows whose numbers can be compared: decimals and floats are rounded, counts are exact."""
    return [tuple(_plain(value) for value in row.values()) for row in session.execute(sql)]


def _plain(value: Any) -> Any:
    is_number = not isinstance(value, str | bool) and hasattr(value, "__float__")
    return round(float(value), 6) if is_number else value


def in_order(answer: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(answer, key=repr)


def test_every_metric_has_sql_written_by_hand() -> None:
    assert set(HANDWRITTEN) == set(CATALOG.metrics)


@pytest.mark.parametrize("name", HANDWRITTEN)
def test_a_metric_is_what_sql_by_hand_gives(
    analyst: DirectRedshift, migrated_redshift: DirectRedshift, name: str
) -> None:
    """The administrator runs the SQL by hand: analysts may not read the ledger's tables."""
    by_hand = HANDWRITTEN[name]
    assert rows(analyst, sql_of(Query((name,)))) == rows(migrated_redshift, by_hand.total)
    if by_hand.group:
        grouped = rows(analyst, sql_of(Query((name,), (by_hand.group,))))
        assert grouped
        assert in_order(grouped) == in_order(rows(migrated_redshift, by_hand.grouped))


@pytest.mark.parametrize("model", MODELS)
def test_a_bi_tool_gets_the_same_numbers_by_every_dimension(analyst: DirectRedshift, model: str) -> None:
    source = dataset(CATALOG, model)
    metrics = [metric.name for metric in source.metrics]
    expressions = ", ".join(f"{metric.expression} AS {metric.name}" for metric in source.metrics)
    total = f"SELECT {expressions} FROM ({source.sql}) AS virtual_table"
    assert rows(analyst, sql_of(Query(tuple(metrics)))) == rows(analyst, total)
    for name in source.column_names:
        grouped = f"SELECT {name}, {expressions} FROM ({source.sql}) AS virtual_table GROUP BY {name}"
        by_name = sql_of(Query(tuple(metrics), (name,)))
        assert in_order(rows(analyst, by_name)) == in_order(rows(analyst, grouped)), name


@pytest.mark.parametrize("model", CATALOG.models)
def test_no_join_of_a_dataset_multiplies_or_loses_rows(analyst: DirectRedshift, model: str) -> None:
    source = dataset(CATALOG, model)
    counted = f"SELECT COUNT(*) FROM ({source.sql}) AS virtual_table"
    assert rows(analyst, counted) == rows(analyst, f"SELECT COUNT(*) FROM {CATALOG.model(model).relation}")
