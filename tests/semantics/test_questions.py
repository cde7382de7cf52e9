"""Saved questions have answers of the shape that was verified."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from semantics.catalog import load
from semantics.queries import Query, sql_of
from semantics.words import condition
from tests.fixtures.warehouse import DirectRedshift

CATALOG = load()
_PYTHON = {
    "string": str, "integer": (int, Decimal), "decimal": (Decimal, float), "boolean": bool, "date": date,
    "datetime": datetime,
}  # fmt: skip


@pytest.mark.parametrize("name", CATALOG.questions)
def test_an_answer_has_the_verified_shape(analyst: DirectRedshift, name: str) -> None:
    question = CATALOG.question(name)
    where = tuple(map(condition, question.where))
    rows = analyst.execute(sql_of(Query(question.metrics, question.by, where, question.order, question.limit)))
    assert len(rows) <= (question.limit or len(rows))
    assert {"one": len(rows) == 1, "some": len(rows) > 0, "any": True}[question.rows]
    for row in rows:
        assert list(row) == list(question.columns)
        for column, datatype in question.columns.items():
            assert row[column] is None or isinstance(row[column], _PYTHON[datatype]), (column, row[column])


@pytest.mark.parametrize("name", CATALOG.questions)
def test_a_question_is_answered_by_its_own_star(name: str) -> None:
    question = CATALOG.question(name)
    assert {CATALOG.metric(metric).star for metric in question.metrics} == {question.star}
    assert question.question.endswith("?")
    assert date.fromisoformat(question.verified_at)
