"""Reads the columns, delimiter and quote of a Glue classifier from the contract of the entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aws_services.resources import Classifier
from schemas.formats import Delimited
from schemas.registry import get_source


@dataclass(frozen=True, slots=True)
class CsvClassifier:
    """A custom CSV classifier, as Glue takes it.

    Attributes:
        name: its name in Glue.
        delimiter: one character.
        quote: character around values that hold a delimiter; None: no value is quoted.
        header: the columns, in the order of the files.
        contains_header: whether the first line names the columns.
    """

    name: str
    delimiter: str
    quote: str | None
    header: tuple[str, ...]
    contains_header: Literal["PRESENT", "ABSENT"]


def csv_classifier(classifier: Classifier) -> CsvClassifier:
    """The classifier of an entity, from its contract.

    Raises:
        TypeError: the entity's records are not delimited text.
    """
    form = get_source(classifier.source).format(classifier.entity)
    if not isinstance(form, Delimited):
        raise TypeError(f"classifier {classifier.name}: {classifier.source} {classifier.entity} is not delimited text")
    return CsvClassifier(
        name=classifier.name,
        delimiter=form.delimiter,
        quote=form.quote,
        header=form.columns,
        contains_header="PRESENT" if form.header else "ABSENT",
    )
