"""Datasets for BI tools: one query per semantic model with all its columns, and its metrics as SQL over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from semantics.catalog import Catalog
from semantics.elements import Dimension, Metric, Model
from semantics.reading import measure_column

TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DECIMAL",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}
"""Redshift's types of the columns, for BI tools."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a dataset. It has the name of its dimension."""

    dimension: Dimension

    @property
    def name(self) -> str:
        """The name of the dimension."""
        return self.dimension.name

    @property
    def label(self) -> str:
        """What people call it."""
        return self.dimension.label

    @property
    def description(self) -> str:
        """Its meaning."""
        return self.dimension.description

    @property
    def kind(self) -> str:
        """`time` or `categorical`."""
        return self.dimension.kind

    @property
    def type(self) -> str:
        """Its type in Redshift."""
        return TYPES[self.dimension.datatype]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A semantic model as one query.

    Attributes:
        name: the name of the semantic model.
        label: what people call it.
        description: what a row is.
        sql: the query, without a semicolon. Its rows are those of the model: no join multiplies them. Next to the
            columns it has one column per measure, which only the metrics' expressions use.
        columns: its columns, named as the dimensions.
        metrics: the metrics of the model. Their expressions are aggregates over the columns of the query.
        time_column: the date that its metrics count by.
    """

    name: str
    label: str
    description: str
    sql: str
    columns: tuple[Column, ...]
    metrics: tuple[Metric, ...]
    time_column: str | None

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(column.name for column in self.columns)


def dataset(catalog: Catalog, model_name: str) -> Dataset:
    """The dataset of a semantic model.

    Raises:
        UnknownName: there is no such model.
    """
    model = catalog.model(model_name)
    return Dataset(
        model.name,
        model.label,
        model.description,
        _sql(catalog, model),
        tuple(Column(dimension) for dimension in catalog.dimensions_of(model)),
        tuple(metric for metric in catalog.metrics.values() if metric.model == model.name),
        model.time_dimension,
    )


def _sql(catalog: Catalog, model: Model) -> str:
    """The model's rows, each with the one row of every model that it refers to."""
    joined = list(catalog.joined(model))
    values = [f"{measure.expression} AS {measure_column(measure.name)}" for measure in model.measures.values()]
    columns = [f"{model.name}.{name}" for name in (*model.keys, *_own(model))]
    columns += [f"{other.name}.{name}" for other, _ in joined for name in _own(other)]
    columns += [f"{model.name}.{measure_column(name)}" for name in model.measures]
    lines = ["SELECT", ",\n".join(f"    {column}" for column in columns)]
    lines += ["FROM", *_subquery(model, list(model.keys), values)]
    for other, entity in joined:
        lines += ["LEFT JOIN", *_subquery(other, [entity], []), f"    ON {model.name}.{entity} = {other.name}.{entity}"]
    return "\n".join(lines)


def _own(model: Model) -> Iterator[str]:
    return (dimension.name for dimension in model.dimensions if dimension.name not in model.keys)


def _subquery(model: Model, entities: Sequence[str], values: Sequence[str]) -> list[str]:
    """A model's relation with its columns renamed."""
    keys = [f"{model.keys[entity]} AS {entity}" for entity in entities]
    own = [f"{item.expression} AS {item.name}" for item in model.dimensions if item.name not in model.keys]
    columns = ",\n".join(f"        {column}" for column in (*keys, *own, *values))
    return ["    (", "    SELECT", columns, f"    FROM {model.relation}", f"    ) AS {model.name}"]
