"""Makes the parts of the semantic model from the documents of its YAML files."""

from __future__ import annotations

import re
from collections.abc import Mapping

from semantics.documents import (
    DimensionDocument,
    EntityDocument,
    MeasureInput,
    MetricDocument,
    ModelDocument,
    QuestionDocument,
)
from semantics.elements import Dimension, Measure, Metric, Model, Question

_AGGREGATIONS = {
    "sum": "SUM({})",
    "min": "MIN({})",
    "max": "MAX({})",
    "average": "AVG({})",
    "count_distinct": "COUNT(DISTINCT {})",
}


class BadModel(ValueError):
    """The YAML contradicts itself. The message names the document and what to change."""


def measure_column(measure: str) -> str:
    """The column of a dataset with what a measure aggregates. No dimension can have that name."""
    return f"{measure}__value"


def model(document: ModelDocument, star: str) -> Model:
    """A semantic model of a star."""
    primary = next((entity for entity in document.entities if entity.type == "primary"), None)
    entity = primary.name if primary else document.primary_entity
    if not entity:
        raise BadModel(f"semantic model {document.name}: name its primary entity")
    relation = f"{document.node_relation.schema_name}.{document.node_relation.alias}"
    keys = [_key(item, document.name, relation) for item in document.entities if item.label]
    own = [_dimension(item, entity, document.name, relation) for item in document.dimensions]
    return Model(
        document.name,
        document.label,
        document.description,
        star,
        relation,
        entity,
        {item.name: item.expr for item in sorted(document.entities, key=lambda item: item.type != "primary")},
        (*keys, *own),
        {item.name: Measure(item.name, item.agg, item.expr) for item in document.measures},
        f"{entity}__{document.defaults.agg_time_dimension}" if document.defaults else None,
    )


def _key(entity: EntityDocument, model_name: str, relation: str) -> Dimension:
    meta = entity.config.meta
    if not meta.datatype or not meta.description:
        raise BadModel(f"entity {entity.name} of {model_name}: add a datatype and a description to its config.meta")
    return Dimension(
        entity.name,
        entity.label,
        meta.description,
        "categorical",
        meta.datatype,
        model_name,
        relation,
        entity.expr,
        meta.synonyms,
        is_key=True,
    )


def _dimension(document: DimensionDocument, entity: str, model_name: str, relation: str) -> Dimension:
    meta = document.config.meta
    return Dimension(
        f"{entity}__{document.name}",
        document.label,
        document.description,
        document.type,
        document.datatype,
        model_name,
        relation,
        document.expr or document.name,
        meta.synonyms,
        meta.is_key,
        meta.format,
    )


def metrics(declared: Mapping[str, tuple[MetricDocument, str]], models: Mapping[str, Model]) -> dict[str, Metric]:
    """All metrics by name, in the order of their files.

    Args:
        declared: the document and the star of each metric, by name.
        models: all semantic models.
    """
    owners = {name: entry for entry in models.values() for name in entry.measures}
    return {name: _metric(document, star, declared, owners) for name, (document, star) in declared.items()}


def _metric(
    document: MetricDocument,
    star: str,
    declared: Mapping[str, tuple[MetricDocument, str]],
    owners: Mapping[str, Model],
) -> Metric:
    names = _models_of(document, declared, owners)
    if len(names) != 1:
        raise BadModel(f"metric {document.name}: its parts are of several models: {', '.join(sorted(names))}")
    meta = document.config.meta
    return Metric(
        document.name,
        document.label,
        document.description,
        meta.unit,
        meta.format,
        meta.synonyms,
        star,
        document.type,
        names.pop(),
        _expression(document, declared, owners),
    )


def _parts(document: MetricDocument, declared: Mapping[str, tuple[MetricDocument, str]]) -> dict[str, MetricDocument]:
    """The metrics that a metric is computed from, by name."""
    parameters = document.type_params
    inputs = (parameters.numerator, parameters.denominator, *parameters.metrics)
    names = [item.name for item in inputs if item]
    missing = [name for name in names if name not in declared]
    if missing:
        raise BadModel(f"metric {document.name}: there is no metric {missing[0]}")
    return {name: declared[name][0] for name in names}


def _models_of(
    document: MetricDocument, declared: Mapping[str, tuple[MetricDocument, str]], owners: Mapping[str, Model]
) -> set[str]:
    if document.type != "simple":
        parts = _parts(document, declared).values()
        return set().union(*(_models_of(part, declared, owners) for part in parts))
    name = _measure(document).name
    if name not in owners:
        raise BadModel(f"metric {document.name}: no semantic model has the measure {name}")
    return {owners[name].name}


def _measure(document: MetricDocument) -> MeasureInput:
    measure = document.type_params.measure
    if measure is None:
        raise BadModel(f"metric {document.name}: a simple metric needs a measure")
    return MeasureInput(name=measure) if isinstance(measure, str) else measure


def _expression(
    document: MetricDocument, declared: Mapping[str, tuple[MetricDocument, str]], owners: Mapping[str, Model]
) -> str:
    """The metric's SQL over the columns of a dataset, computed as MetricFlow does."""
    parts = {name: _expression(part, declared, owners) for name, part in _parts(document, declared).items()}
    parameters = document.type_params
    if document.type == "ratio":
        numerator, denominator = parts.values()
        return f"CAST({numerator} AS DOUBLE PRECISION) / CAST(NULLIF({denominator}, 0) AS DOUBLE PRECISION)"
    if document.type == "derived":
        return re.sub(r"[a-z_][a-z0-9_]*", lambda word: parts.get(word[0], word[0]), str(parameters.expr))
    measure = _measure(document)
    aggregation = owners[measure.name].measures[measure.name].aggregation
    value = _AGGREGATIONS[aggregation].format(measure_column(measure.name))
    return value if measure.fill_nulls_with is None else f"COALESCE({value}, {measure.fill_nulls_with})"


def question(document: QuestionDocument, star: str) -> Question:
    """A saved question of a star."""
    return Question(star=star, **{name: getattr(document, name) for name in QuestionDocument.model_fields})
