"""The parts of the semantic model: models, their dimensions and measures, metrics, saved questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from semantics.documents import Datatype, MetricKind


@dataclass(frozen=True, slots=True)
class Dimension:
    """What metrics can be grouped by and filtered by.

    Attributes:
        name: as MetricFlow calls it, such as `venue__city`; a key has the name of its entity, such as `venue`.
        label: what people call it.
        description: its meaning.
        kind: `time` for a date that has grains, else `categorical`.
        datatype: the type of its values.
        model: the semantic model that has it.
        relation: the table or view, with its schema.
        expression: the column of that relation, or SQL over its columns.
        synonyms: other words for it.
        is_key: whether it identifies what a label only describes.
        format: how to show a number, in d3's notation; empty for the usual way.
    """

    name: str
    label: str
    description: str
    kind: str
    datatype: Datatype
    model: str
    relation: str
    expression: str
    synonyms: tuple[str, ...] = ()
    is_key: bool = False
    format: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A column to aggregate, or SQL over columns of the model's relation."""

    name: str
    aggregation: str
    expression: str


@dataclass(frozen=True, slots=True)
class Model:
    """A semantic model: one table or view, with its meaning.

    Attributes:
        name: unique among all stars.
        label: what people call it.
        description: what a row is.
        star: the file that declares it.
        relation: the table or view, with its schema.
        entity: the entity that its rows are about.
        keys: the expression of each entity's key, its own first.
        dimensions: its own dimensions, with its key if it declares the entity.
        measures: what its metrics aggregate, by name.
        time_dimension: the name of the date that its metrics count by.
    """

    name: str
    label: str
    description: str
    star: str
    relation: str
    entity: str
    keys: Mapping[str, str]
    dimensions: tuple[Dimension, ...]
    measures: Mapping[str, Measure]
    time_dimension: str | None


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that people ask for.

    Attributes:
        name: its name.
        label: what people call it.
        description: what it counts, and what it leaves out.
        unit: of its values.
        format: how to show a value, in d3's notation.
        synonyms: other words for it.
        star: the file that declares it.
        kind: `simple`, `ratio` or `derived`.
        model: the semantic model with its rows.
        expression: its SQL over the columns of that model's dataset, see `semantics.datasets`.
    """

    name: str
    label: str
    description: str
    unit: str
    format: str
    synonyms: tuple[str, ...]
    star: str
    kind: MetricKind
    model: str
    expression: str


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question whose answer people have verified.

    Attributes:
        name: its name.
        question: as people ask it.
        star: the file that declares it.
        metrics: the metrics of the answer.
        by: what they are grouped by.
        where: conditions, as `./boxoffice metrics query` takes them.
        order: what it is sorted by, `-` first for descending.
        limit: the largest number of rows.
        chart: how to show the answer.
        columns: the columns of the answer with their types: its verified shape.
        rows: `one`, `some` (at least one) or `any`.
        verified_by: who verified the answer.
        verified_at: on which day.
    """

    name: str
    question: str
    star: str
    metrics: tuple[str, ...]
    by: tuple[str, ...]
    where: tuple[str, ...]
    order: tuple[str, ...]
    limit: int | None
    chart: str
    columns: Mapping[str, str]
    rows: str
    verified_by: str
    verified_at: str
