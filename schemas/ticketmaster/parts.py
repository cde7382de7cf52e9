"""What raw events, venues, attractions and classifications have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from schemas.raw import RawPart
from schemas.types import BigInteger, Id, NumberOrText, Opaque, Url, WrittenLabel


class Named(RawPart):
    """Something with an id and a name, inside a classification."""

    id: Id | None = None
    name: WrittenLabel | None = None
    links: Opaque = Field(None, alias="_links")
    locale: Opaque = None
    primary_id: Opaque = None


class Identifiable(RawPart):
    """Something whose id comes as text or as a number."""

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
    """Counts of events to come by seller; the sellers are data, so their names are no unknown fields."""

    model_config = ConfigDict(extra="ignore")
    total: BigInteger | None = Field(None, alias="_total")


class Link(BaseModel):
    """A HAL link."""

    model_config = ConfigDict(extra="ignore")
    href: Url | None = None


class Market(Identifiable):
    """A market of a venue; its id comes as text, and is a number."""

    name: WrittenLabel | None = None


def names_of(tag: RawClassificationTag) -> dict[str, str | None]:
    """Ids and names of the five levels of a classification, as the curated rows call them."""
    levels = (
        ("segment", tag.segment),
        ("genre", tag.genre),
        ("subgenre", tag.sub_genre),
        ("type", tag.type),
        ("subtype", tag.sub_type),
    )
    found: dict[str, str | None] = {}
    for level, named in levels:
        if named is not None:
            found[f"{level}_id"] = named.id
            found[f"{level}_name"] = named.name
    return found


def distinct(things: Iterable[Identified] | None) -> Iterable[Identified]:
    """The things that have an id, the first of each, in order."""
    found: dict[str, Identified] = {}
    for thing in things or ():
        if thing.id:
            found.setdefault(thing.id, thing)
    return found.values()


def primary(tags: list[RawClassificationTag] | None) -> RawClassificationTag | None:
    """The primary classification, else the first."""
    for tag in tags or ():
        if tag.primary:
            return tag
    return tags[0] if tags else None
