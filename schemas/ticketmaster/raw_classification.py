"""A raw element of the classification tree: a segment with its genres, or a type with its subtypes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from schemas.contract import CuratedRow
from schemas.raw import First, RawPart, RawRecord, Rejected, every
from schemas.ticketmaster.rows import ClassificationRow, GenreRow, SubgenreRow, SubtypeRow
from schemas.types import Id, Opaque, Text, WrittenLabel


class _Node(RawPart):
    """The fields of every node of the tree."""

    id: Id
    name: WrittenLabel | None = None
    locale: Annotated[str, Text(16)] | None = None
    links: Opaque = Field(None, alias="_links")
    primary_id: Opaque = None


class Leaf(_Node):
    """A subgenre or a subtype."""


class _Subgenres(RawPart):
    subgenres: list[Leaf] | None = None


class Genre(_Node):
    """A genre with its subgenres."""

    embedded: _Subgenres | None = Field(None, alias="_embedded")


class _Genres(RawPart):
    genres: list[Genre] | None = None


class Segment(_Node):
    """A segment with its genres."""

    embedded: _Genres | None = Field(None, alias="_embedded")


class _Subtypes(RawPart):
    subtypes: list[Leaf] | None = None


class Type(_Node):
    """A type with its subtypes."""

    embedded: _Subtypes | None = Field(None, alias="_embedded")


class RawClassification(RawRecord):
    """One element of `/classifications`. In 2016 there were only segments, without locale and family."""

    entity: ClassVar[str] = "classifications"

    family: bool | None = None
    segment: Segment | None = None
    type: Type | None = None
    links: Opaque = Field(None, alias="_links")

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The segment or type, and the tree below it."""
        node = self.segment or self.type
        if node is None:
            raise Rejected("$", "missing", "neither a segment nor a type")
        if first(ClassificationRow, node.id):
            yield ClassificationRow(
                classification_id=node.id,
                kind="segment" if self.segment else "type",
                name=node.name,
                is_family=self.family,
                locale=node.locale,
            )
        if self.segment:
            yield from _genre_rows(self.segment, first)
        elif self.type and self.type.embedded:
            for subtype in self.type.embedded.subtypes or ():
                if first(SubtypeRow, subtype.id):
                    yield SubtypeRow(subtype_id=subtype.id, type_id=node.id, name=subtype.name)


def _genre_rows(segment: Segment, first: First) -> Iterator[CuratedRow]:
    for genre in (segment.embedded.genres if segment.embedded else None) or ():
        if first(GenreRow, genre.id):
            yield GenreRow(genre_id=genre.id, segment_id=segment.id, name=genre.name)
        for subgenre in (genre.embedded.subgenres if genre.embedded else None) or ():
            if first(SubgenreRow, subgenre.id):
                yield SubgenreRow(subgenre_id=subgenre.id, genre_id=genre.id, name=subgenre.name)
