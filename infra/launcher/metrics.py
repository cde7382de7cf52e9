"""`./boxoffice metrics`: what can be asked of the warehouse by names, and the answers, read as an analyst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from infra import terminal
from semantics.catalog import Catalog
from semantics.elements import Dimension, Metric, Question


def show_all(catalog: Catalog, *, as_json: bool) -> None:
    """Print metrics and saved questions, by star."""
    if as_json:
        metrics = [_of_metric(metric) for metric in catalog.metrics.values()]
        questions = [_of_question(question) for question in catalog.questions.values()]
        terminal.show_json({"metrics": metrics, "saved_questions": questions})
        return
    for star in catalog.stars:
        rows = [(item.name, item.label, item.unit) for item in catalog.metrics.values() if item.star == star]
        terminal.show_table(("metric", "label", "unit"), rows, title=f"Metrics of {star}")
        terminal.say()
        saved = [(item.name, item.question) for item in catalog.questions.values() if item.star == star]
        if saved:
            terminal.show_table(("saved question", "asks"), saved, title=f"Saved questions of {star}")
            terminal.say()
    terminal.say("./boxoffice metrics explain NAME describes one and lists what it can be grouped by.")


def explain(catalog: Catalog, name: str, *, as_json: bool) -> None:
    """Print what a metric, a dimension or a saved question means.

    Raises:
        UnknownName: nothing has that name. The message has the nearest names.
    """
    if name in catalog.questions:
        _explain(_of_question(catalog.question(name)), (), as_json=as_json)
    elif name in catalog.metrics:
        metric = catalog.metric(name)
        groups = catalog.dimensions_of(catalog.model(metric.model))
        _explain(_of_metric(metric), groups, as_json=as_json)
    elif name in catalog.dimensions:
        _explain(_of_dimension(catalog.dimension(name)), (), as_json=as_json)
    else:
        from semantics.names import unknown

        known = (*catalog.metrics, *catalog.dimensions, *catalog.questions)
        raise unknown("metric, dimension or saved question", name, known)


def _explain(facts: dict[str, Any], groups: Iterable[Dimension], *, as_json: bool) -> None:
    if as_json:
        terminal.show_json(facts | ({"group_by": [_of_dimension(group) for group in groups]} if groups else {}))
        return
    for key, value in facts.items():
        if value not in ("", (), None):
            text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
            terminal.say(f"{key.replace('_', ' '):<12} {text}")
    rows = [(group.name, group.label, group.datatype, group.description) for group in groups]
    if rows:
        terminal.say()
        terminal.show_table(("group by", "label", "type", "description"), rows)


def _of_metric(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "label": metric.label,
        "description": metric.description,
        "unit": metric.unit,
        "format": metric.format,
        "synonyms": metric.synonyms,
        "star": metric.star,
        "model": metric.model,
        "expression": metric.expression,
    }


def _of_dimension(dimension: Dimension) -> dict[str, Any]:
    return {
        "name": dimension.name,
        "label": dimension.label,
        "description": dimension.description,
        "type": dimension.datatype,
        "synonyms": dimension.synonyms,
        "column": f"{dimension.relation}: {dimension.expression}",
    }


def _of_question(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "question": question.question,
        "metrics": question.metrics,
        "by": question.by,
        "where": question.where,
        "order": question.order,
        "limit": question.limit,
        "chart": question.chart,
        "columns": [f"{name} ({datatype})" for name, datatype in question.columns.items()],
        "verified": f"{question.verified_by}, {question.verified_at}",
    }


def query_of(
    catalog: Catalog,
    metrics: Sequence[str],
    by: Sequence[str],
    where: Sequence[str],
    order: Sequence[str],
    limit: int | None,
) -> Any:
    """The question that the options ask; or the saved question, if its name is given instead of a metric.

    Raises:
        BadCondition: a condition cannot be read.
    """
    from semantics.queries import Query
    from semantics.words import condition, names

    named = names(metrics)
    if len(named) == 1 and named[0] in catalog.questions:
        saved = catalog.question(named[0])
        conditions = (*map(condition, saved.where), *map(condition, where))
        return Query(
            saved.metrics, names(by) or saved.by, conditions, names(order) or saved.order, limit or saved.limit
        )
    return Query(named, names(by), tuple(map(condition, where)), names(order), limit)
