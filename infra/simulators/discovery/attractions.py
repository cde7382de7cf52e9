"""Simulated attractions: teams, performers and productions, their names on a day, and their JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from . import dice, wording
from .entities import Attraction
from .pictures import images
from .taxonomy import Classification, Taxonomy
from .venues import VenueSpec

Json = dict[str, object]

RENAMING_PERIOD_DAYS = 60  # a quarter of attractions change their billing in this period: about one in 250 a day
TEAM_SPORTS = ("Basketball", "Hockey")
_LINKS = ("homepage", "facebook", "twitter", "instagram", "youtube", "wiki", "itunes", "spotify", "tiktok")

# segment, genre, type, subtype, share of attractions that are not teams
_KINDS = (
    ("Music", "Rock", "Group", "Band", 16.0),
    ("Music", "Pop", "Individual", "Musician", 10.0),
    ("Music", "Country", "Individual", "Singer/Vocalist", 8.0),
    ("Music", "Hip-Hop/Rap", "Individual", "Musician", 6.0),
    ("Music", "Alternative", "Group", "Band", 6.0),
    ("Music", "Metal", "Group", "Band", 5.0),
    ("Music", "Dance/Electronic", "Individual", "Artist", 5.0),
    ("Music", "Latin", "Undefined", "Undefined", 5.0),
    ("Music", "Other", "Undefined", "Undefined", 6.0),
    ("Music", "Undefined", "Undefined", "Undefined", 3.0),
    ("Arts & Theatre", "Theatre", "Event Style", "Tour", 8.0),
    ("Arts & Theatre", "Comedy", "Individual", "Comedian", 7.0),
    ("Arts & Theatre", "Children's Theatre", "Undefined", "Undefined", 2.0),
    ("Arts & Theatre", "Music", "Undefined", "Undefined", 1.0),
    ("Miscellaneous", "Family", "Undefined", "Undefined", 3.0),
    ("Miscellaneous", "Ice Shows", "Undefined", "Undefined", 1.0),
    ("Miscellaneous", "Undefined", "Undefined", "Undefined", 2.0),
    ("Film", "Music", "Undefined", "Undefined", 0.5),
    ("Film", "Documentary", "Undefined", "Undefined", 0.5),
    ("Undefined", "Undefined", "Undefined", "Undefined", 1.0),
)


@dataclass(slots=True, eq=False)
class AttractionSpec:
    """The constant attributes of an attraction. `base_name` is its name in events when they were announced."""

    index: int
    seed: int
    id: str
    base_name: str
    classification: Classification

    @property
    def is_never_embedded(self) -> bool:
        """Whether events only link to it, so that clients must look it up by id."""
        return self.index % 47 == 21

    def name_on(self, day: date) -> str:
        """The name on that day, because billings change."""
        phase = dice.number(self.seed, "attraction name", self.index)
        if phase % 4 != 0 or self.classification.segment.name == "Sports":
            return self.base_name
        billing = (day.toordinal() + phase % RENAMING_PERIOD_DAYS) // RENAMING_PERIOD_DAYS
        return (self.base_name, f"{self.base_name} & Friends", f"{self.base_name} (Official)")[billing % 3]

    def facets(self, day: date) -> Attraction:
        """Its searchable attributes on that day."""
        return Attraction(self.id, self.name_on(day), self.classification.terms(), source=self.source)

    @property
    def source(self) -> str:
        """The system that it comes from."""
        return "tmr" if self.index % 23 == 7 else "ticketmaster"

    def body(self, day: date, upcoming: dict[str, int]) -> bytes:
        """Its JSON on that day. `upcoming` counts its events by source."""
        roll = dice.chance(self.seed, "attraction", self.index)
        body: Json = {"name": self.name_on(day), "type": "attraction", "id": self.id, "test": False}
        if self.index % 1009 != 11:
            body["url"] = f"https://www.ticketmaster.example/tickets/artist/{roll.randint(700_000, 3_000_000)}"
        body["locale"] = "en-us"
        if self.index % 79 == 15:
            body["draftStatus"] = "ACCEPTED"
        if roll.random() < 0.57:
            body["externalLinks"] = self._external_links(roll.randint(1, len(_LINKS)))
        if self.index % 10 == 4:
            body["aliases"] = [self.base_name.lower(), self.base_name.lower().replace(" ", "")]
        body["images"] = images(self.id)
        body["classifications"] = [self.classification.body(primary=True)]
        if self.index % 61 != 9:
            body["upcomingEvents"] = {**upcoming, "_total": sum(upcoming.values()), "_filtered": 0}
        body["_links"] = {"self": {"href": f"/discovery/v2/attractions/{self.id}?locale=en-us"}}
        return json.dumps(body, ensure_ascii=False).encode()

    def _external_links(self, count: int) -> Json:
        handle = self.base_name.lower().replace(" ", "-")
        links: Json = {name: [{"url": f"https://{name}.example/{handle}"}] for name in _LINKS[:count]}
        if count > 4:
            music: Json = {"id": dice.uuid_text("musicbrainz", self.id)}
            if count % 2:
                music["url"] = f"https://musicbrainz.example/artist/{music['id']}"
            links["musicbrainz"] = [music]
        return links


def make_attractions(seed: int, count: int, arenas: list[VenueSpec], taxonomy: Taxonomy) -> list[AttractionSpec]:
    """Two teams per arena first (2n and 2n+1 play at arena n), then all others. Names are not unique."""
    specs = [
        AttractionSpec(
            index=2 * arena.index + n,
            seed=seed,
            id=dice.identifier("K8vZ9", 11, seed, "team", 2 * arena.index + n),
            base_name=wording.team(dice.chance(seed, "team", sport, arena.index), arena.city.name),
            classification=taxonomy.path("Sports", sport, "Group", "Team"),
        )
        for arena in arenas
        for n, sport in enumerate(TEAM_SPORTS)
    ]
    kinds = dice.Weighted(_KINDS, [kind[-1] for kind in _KINDS])
    variants: dict[tuple[str, str, int], Classification] = {}
    for index in range(len(specs), max(count, len(specs) + 20)):
        roll = dice.chance(seed, "attraction spec", index)
        segment, genre, type_, subtype, _ = kinds.pick(roll)
        variant = int(roll.random() * 6)
        path = variants.get((segment, genre, variant))
        if path is None:
            path = variants[segment, genre, variant] = taxonomy.path(segment, genre, type_, subtype, variant)
        staged = segment in {"Arts & Theatre", "Film", "Miscellaneous"} and genre != "Comedy"
        name = specs[-1].base_name if index % 97 == 3 else wording.play(roll) if staged else wording.band(roll)
        prefix = "K8vZ" if index % 23 != 7 else "Z7r9"
        spec_id = dice.identifier(prefix, 10 + index % 2, seed, "attraction", index)
        specs.append(AttractionSpec(index, seed, spec_id, name, path))
    return specs
