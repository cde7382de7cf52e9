"""The semantic model as typed objects, by name. Reading it takes milliseconds, because MetricFlow is not imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from semantics import documents, reading
from semantics.documents import MetricDocument, ModelDocument, QuestionDocument
from semantics.elements import Dimension, Metric, Model, Question
from semantics.names import unknown
from semantics.reading import BadModel

FOLDER = Path(__file__).parent

GRAINS = ("day", "week", "month", "quarter", "year")
"""The grains of a time dimension: `show__start_date__month`. Without one, it is the dimension's own: the day."""

METRIC_TIME = Dimension(
    "metric_time", "Date", "Date that the metric counts by", "time", "date", "", "", "", ("time", "date", "day")
)
"""MetricFlow's dimension for the date that a metric counts by, whatever its model calls it."""

_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class Catalog:
    """The whole semantic model, by name."""

    models: Mapping[str, Model]
    metrics: Mapping[str, Metric]
    questions: Mapping[str, Question]

    @cached_property
    def dimensions(self) -> Mapping[str, Dimension]:
        """All dimensions of all models, without grains."""
        return {dimension.name: dimension for model in self.models.values() for dimension in model.dimensions}

    @property
    def stars(self) -> tuple[str, ...]:
        """The stars that have semantic models."""
        return tuple(dict.fromkeys(model.star for model in self.models.values()))

    def model(self, name: str) -> Model:
        """The semantic model of that name. Raises UnknownName with the nearest names."""
        return _get(self.models, name, "semantic model")

    def metric(self, name: str) -> Metric:
        """The metric of that name. Raises UnknownName with the nearest names."""
        return _get(self.metrics, name, "metric", " './boxoffice metrics list' shows all.")

    def question(self, name: str) -> Question:
        """The saved question of that name. Raises UnknownName with the nearest names."""
        return _get(self.questions, name, "saved question")

    def dimension(self, name: str) -> Dimension:
        """The dimension of that name; also with a grain, `show__start_date__month`, and the metrics' own time.

        Raises:
            UnknownName: there is none. The message has the nearest names.
        """
        stem, grain = split_grain(name)
        known = {**self.dimensions, METRIC_TIME.name: METRIC_TIME}
        if grain and stem in known and known[stem].kind == "time":
            return replace(known[stem], name=name, label=f"{known[stem].label} ({grain})")
        return _get(known, name, "dimension")

    def joined(self, model: Model) -> Iterator[tuple[Model, str]]:
        """The models that can be joined to a model without multiplying its rows, with the entity to join by."""
        for entity in model.keys:
            for other in self.models.values():
                if other is not model and other.entity == entity and entity in other.keys:
                    yield other, entity

    def dimensions_of(self, model: Model) -> tuple[Dimension, ...]:
        """All dimensions that the metrics of a model can be grouped by: its own, then those of the joined models."""
        keys = [self.dimensions[entity] for entity in model.keys]
        models = (model, *(other for other, _ in self.joined(model)))
        others = (item for entry in models for item in entry.dimensions if item.name not in entry.keys)
        return (*keys, *others)


def split_grain(name: str) -> tuple[str, str]:
    """A dimension's name without its grain, and the grain; empty if the name has none."""
    stem, _, grain = name.rpartition("__")
    return (stem, grain) if grain in GRAINS else (name, "")


def _get(entries: Mapping[str, _Entry], name: str, kind: str, hint: str = "") -> _Entry:
    if name not in entries:
        raise unknown(kind, name, entries, hint)
    return entries[name]


@lru_cache(maxsize=4)
def load(folder: Path = FOLDER) -> Catalog:
    """The semantic model of a folder.

    Args:
        folder: has a folder per star, see `semantics.documents`.

    Raises:
        BadModel: the documents contradict each other.
        pydantic.ValidationError: a document lacks a field or has one that we do not know.
    """
    models: dict[str, Model] = {}
    declared: dict[str, tuple[MetricDocument, str]] = {}
    for path in documents.model_files(folder):
        for kind, content in documents.read(path):
            if kind == "semantic_model":
                model = reading.model(ModelDocument.model_validate(content), path.parent.name)
                models[_new(model.name, models)] = model
            elif kind == "metric":
                document = MetricDocument.model_validate(content)
                declared[_new(document.name, declared)] = (document, path.parent.name)
    catalog = Catalog(models, reading.metrics(declared, models), _questions(folder))
    _check(catalog)
    return catalog


def _new(name: str, entries: Mapping[str, object]) -> str:
    if name in entries:
        raise BadModel(f"{name} is declared twice")
    return name


def _questions(folder: Path) -> dict[str, Question]:
    questions: dict[str, Question] = {}
    for path in documents.question_files(folder):
        for _, content in documents.read(path):
            question = reading.question(QuestionDocument.model_validate(content), path.parent.name)
            questions[_new(question.name, questions)] = question
    return questions


def _check(catalog: Catalog) -> None:
    """Raises BadModel if a dimension has two meanings or a foreign entity has no model."""
    names = [dimension.name for model in catalog.models.values() for dimension in model.dimensions]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise BadModel(f"dimension {repeated[0]} is declared twice")
    for model in catalog.models.values():
        for entity in model.keys:
            if entity not in catalog.dimensions:
                raise BadModel(f"semantic model {model.name}: no model labels the entity {entity}")
