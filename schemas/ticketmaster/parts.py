"""Parts that raw events, venues, attractions and classifications share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from schemas.raw import RawPart
from schemas.types import BigInteger, Id, NumberOrText, Opaque, Url, WrittenLabel


class Named(RawPart):
    """A level of a classification, with an id and a name."""

    id: Id | None = None
    name: WrittenLabel | None = None
    links: Opaque = Field(None, alias="_links")
    locale: Opaque = None
    primary_id: Opaque = None


class Identifiable(RawPart):
    """An object whose id is text or a number."""

    id: NumberOrText | None = None


Identified = TypeVar("Identified", bound=Identifiable)


class RawClassificationTag(RawPart):
    """A classification of an event, attraction or product."""

    primary: bool | None = None
    segment: Named | None = None
    genre: Named | None = None
    sub_genre: Named | None = None
    type: Named | None = None
    sub_type: Named | None = None
    family: bool | None = None


class Upcoming(BaseModel):
    """Counts of upcoming events by seller. The sellers are data, so their names aren't unknown fields."""

    model_config = ConfigDict(extra="ignore")
    total: BigInteger | None = Field(None, alias="_total")


class Link(BaseModel):
    """A HAL link."""

    model_config = ConfigDict(extra="ignore")
    href: Url | None = None


class Market(Identifiable):
    """A market of a venue; its id is a number as text."""

    name: WrittenLabel | None = None


def names_of(tag: RawClassificationTag) -> dict[str, str | None]:
    """Ids and names of the five levels of a classification, by column of the curated rows."""
    levels = (
        ("segment", tag.segment),
        ("genre", tag.genre),
        ("subgenre", tag.sub_genre),
        ("type", tag.type),
        ("subtype", tag.sub_type),
    )
    columns: dict[str, str | None] = {}
    for level, named in levels:
        if named is not None:
            columns[f"{level}_id"] = named.id
            columns[f"{level}_name"] = named.name
    return columns


def distinct(objects: Iterable[Identified] | None) -> Iterable[Identified]:
    """The objects with an id, in order; of several with the same id, the first."""
    first_of_id: dict[str, Identified] = {}
    for identified in objects or ():
        if identified.id:
            first_of_id.setdefault(identified.id, identified)
    return first_of_id.values()


def primary(tags: list[RawClassificationTag] | None) -> RawClassificationTag | None:
    """The primary classification, else the first."""
    for tag in tags or ():
        if tag.primary:
            return tag
    return tags[0] if tags else None
