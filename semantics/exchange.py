"""The semantic model in the format of Apache Ossie, formerly Open Semantic Interchange, for tools of other vendors.

The format is that of the core specification, version 0.2.0.dev0 (https://github.com/apache/ossie, core-spec/spec.md).
A star is one of its semantic models. It has no place for units, formats and labels of metrics: they are in the custom
extensions of `VENDOR`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from semantics.catalog import Catalog
from semantics.elements import Dimension, Metric, Model
from semantics.reading import measure_column

VERSION = "0.2.0.dev0"
VENDOR = "BOXOFFICE"

_Node = dict[str, Any]


def to_yaml(catalog: Catalog, database: str) -> str:
    """The whole semantic model as YAML.

    Args:
        catalog: the semantic model.
        database: the warehouse's database, which sources are named with.
    """
    document = {"version": VERSION, "semantic_model": [_star(catalog, star, database) for star in catalog.stars]}
    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))


def _star(catalog: Catalog, star: str, database: str) -> _Node:
    models = [model for model in catalog.models.values() if model.star == star]
    questions = [question.question for question in catalog.questions.values() if question.star == star]
    node = {
        "name": star,
        "description": " ".join(f"{model.label}: {model.description}" for model in models),
        "datasets": [_dataset(model, catalog, database) for model in models],
        "relationships": [link for model in models for link in _relationships(model, catalog)],
        "metrics": [_metric(metric) for metric in catalog.metrics.values() if metric.star == star],
    }
    return node | ({"ai_context": {"examples": questions}} if questions else {})


def _dataset(model: Model, catalog: Catalog, database: str) -> _Node:
    keys = [catalog.dimensions[entity] for entity in model.keys]
    own = [dimension for dimension in model.dimensions if dimension.name not in model.keys]
    fields = [_field(dimension, model.keys.get(dimension.name, dimension.expression)) for dimension in (*keys, *own)]
    fields += [
        {"name": measure_column(measure.name), "expression": _expression(measure.expression)}
        for measure in model.measures.values()
    ]
    node = {"name": model.name, "source": f"{database}.{model.relation}", "description": model.description}
    primary = {"primary_key": [model.keys[model.entity]]} if model.entity in model.keys else {}
    return node | primary | {"fields": fields}


def _field(dimension: Dimension, expression: str) -> _Node:
    node = {
        "name": dimension.name,
        "expression": _expression(expression),
        "dimension": {"is_time": dimension.kind == "time"},
        "label": dimension.label,
        "description": dimension.description,
    }
    return node | _context(dimension.synonyms)


def _relationships(model: Model, catalog: Catalog) -> Iterator[_Node]:
    for other, entity in catalog.joined(model):
        yield {
            "name": f"{model.name}_to_{other.name}",
            "from": model.name,
            "to": other.name,
            "from_columns": [model.keys[entity]],
            "to_columns": [other.keys[entity]],
        }


def _metric(metric: Metric) -> _Node:
    expression = re.sub(r"\b\w+__value\b", lambda column: f"{metric.model}.{column[0]}", metric.expression)
    details = {"label": metric.label, "unit": metric.unit, "format": metric.format}
    node = {"name": metric.name, "expression": _expression(expression), "description": metric.description}
    extension = {"vendor_name": VENDOR, "data": json.dumps(details)}
    return node | _context(metric.synonyms) | {"custom_extensions": [extension]}


def _expression(sql: str) -> _Node:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": sql}]}


def _context(synonyms: tuple[str, ...]) -> _Node:
    return {"ai_context": {"synonyms": list(synonyms)}} if synonyms else {}
