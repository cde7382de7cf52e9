"""A raw attraction, embedded in an event or looked up by id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.contract import CuratedRow
from schemas.raw import First, RawRecord, every
from schemas.ticketmaster.parts import RawClassificationTag, Upcoming, names_of, primary
from schemas.ticketmaster.rows import AttractionRow
from schemas.types import Id, Opaque, OpaqueList, Text, Url, WrittenName


class ExternalLink(BaseModel):
    """A page on another site; MusicBrainz's have an id."""

    model_config = ConfigDict(extra="ignore")
    id: Annotated[str, Text(64)] | None = None
    url: Url | None = None


class ExternalLinks(BaseModel):
    """Pages on other sites by network. The networks are data, so other networks aren't unknown fields."""

    model_config = ConfigDict(extra="ignore")
    homepage: list[ExternalLink] | None = None
    musicbrainz: list[ExternalLink] | None = None


class RawAttraction(RawRecord):
    """An attraction as the Discovery API sends it. Only the id is always present."""

    entity: ClassVar[str] = "attractions"

    id: Id
    type: Literal["attraction"] = "attraction"
    name: WrittenName | None = None
    url: Url | None = None
    locale: Annotated[str, Text(16)] | None = None
    test: bool | None = None
    classifications: list[RawClassificationTag] | None = None
    external_links: ExternalLinks | None = None
    upcoming_events: Upcoming | None = None
    additional_info: Opaque = None
    aliases: Opaque = None
    description: Opaque = None
    draft_status: Opaque = None
    images: OpaqueList = None
    links: Opaque = Field(None, alias="_links")
    name_origin: Opaque = None

    def to_rows(self, first: First = every) -> Iterator[CuratedRow]:
        """The attraction; no row if it is known already."""
        if not first(AttractionRow, self.id):
            return
        tag = primary(self.classifications)
        external = self.external_links
        yield AttractionRow(
            attraction_id=self.id,
            name=self.name,
            url=self.url,
            locale=self.locale,
            is_test=bool(self.test),
            **(names_of(tag) if tag else {}),
            homepage_url=external.homepage[0].url if external and external.homepage else None,
            musicbrainz_id=external.musicbrainz[0].id if external and external.musicbrainz else None,
            upcoming_events=self.upcoming_events.total if self.upcoming_events else None,
        )
