"""The documents of the YAML files: MetricFlow's format, and what we keep in its free part `config.meta`.

Only what the catalog needs is read. MetricFlow itself reads the files again and checks them against its own schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

Datatype = Literal["string", "integer", "decimal", "boolean", "date", "datetime"]
Aggregation = Literal["sum", "min", "max", "average", "count_distinct"]
_QUESTIONS = "questions.yaml"

MetricKind = Literal["simple", "ratio", "derived"]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Meta(_Document):
    """What dbt's schema lacks.

    Attributes:
        datatype: the type of an entity's key.
        description: of an entity.
        is_key: a dimension is the key of a label.
        unit: of a metric.
        format: how to show a value, in d3's notation.
        synonyms: other words for it.
    """

    datatype: Datatype | None = None
    description: str = ""
    is_key: bool = False
    unit: str = ""
    format: str = ""
    synonyms: tuple[str, ...] = ()


class _Config(_Document):
    meta: _Meta = _Meta()


class _Relation(_Document):
    schema_name: str
    alias: str


class EntityDocument(_Document):
    """An entity of a semantic model: what its rows are about or refer to."""

    name: str
    type: Literal["primary", "foreign"]
    expr: str
    label: str = ""
    config: _Config = _Config()


class _Granularity(_Document):
    time_granularity: str


class DimensionDocument(_Document):
    """A dimension of a semantic model."""

    name: str
    type: Literal["categorical", "time"]
    datatype: Datatype
    label: str
    description: str
    expr: str | None = None
    type_params: _Granularity | None = None
    config: _Config = _Config()


class MeasureDocument(_Document):
    """A column of a semantic model with its aggregation."""

    name: str
    agg: Aggregation
    expr: str


class _Defaults(_Document):
    agg_time_dimension: str


class ModelDocument(_Document):
    """A semantic model: a table or view, with its meaning."""

    name: str
    label: str
    description: str
    node_relation: _Relation
    defaults: _Defaults | None = None
    primary_entity: str | None = None
    entities: tuple[EntityDocument, ...] = ()
    dimensions: tuple[DimensionDocument, ...] = ()
    measures: tuple[MeasureDocument, ...] = ()


class MeasureInput(_Document):
    """The measure of a simple metric."""

    name: str
    fill_nulls_with: int | None = None


class MetricInput(_Document):
    """A metric that another one is computed from."""

    name: str


class MetricParameters(_Document):
    """Parameters that a metric is computed from."""

    measure: MeasureInput | str | None = None
    numerator: MetricInput | None = None
    denominator: MetricInput | None = None
    expr: str | None = None
    metrics: tuple[MetricInput, ...] = ()


class MetricDocument(_Document):
    """A metric."""

    name: str
    label: str
    description: str
    type: MetricKind
    type_params: MetricParameters
    config: _Config = Field(default_factory=_Config)


class QuestionDocument(_Document):
    """A saved question; ours alone, MetricFlow doesn't read it."""

    name: str
    question: str
    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    limit: int | None = None
    chart: Literal["number", "bar", "column", "line", "heatmap", "share", "table"]
    columns: dict[str, str]
    rows: Literal["one", "some", "any"] = "some"
    verified_by: str
    verified_at: str


def read(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The documents of a file: the kind and the content of each."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for document in yaml.load_all(path.read_text("utf-8"), Loader=loader):
        ((kind, content),) = document.items()
        yield kind, content


def model_files(folder: Path) -> Sequence[Path]:
    """The files in MetricFlow's format: a folder per star, and a file per semantic model with its metrics."""
    return [path for path in sorted(folder.glob("*/*.yaml")) if path.name != _QUESTIONS]


def question_files(folder: Path) -> Sequence[Path]:
    """The files with saved questions, one per star."""
    return sorted(folder.glob(f"*/{_QUESTIONS}"))
