"""Simulated attractions: teams, performers and productions, their names on a day, and their JSON."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from datetime import date

from . import dice, titles
from .entities import Attraction
from .pictures import images
from .repertoire import KINDS, Kind
from .taxonomy import Classification, Taxonomy
from .venues import VenueSpec

Json = dict[str, object]

_ATTEMPTS = 20
"""How often another name is tried for a production if its city has one of that name."""
RENAMING_PERIOD_DAYS = 60  # a quarter of attractions change their billing in this period: about one in 250 a day
TEAM_SPORTS = {"arena": ("Basketball", "Hockey"), "stadium": ("Soccer", "Baseball")}
_TOURS = ("stage", "hall", "club", "stage", "hall", "arena", "stage", "hall", "club", "hall") * 3 + (
    "grounds",
    "cinema",
)
"""The houses of the acts on tour, in turns, so that even a small world has acts for every house."""
_LINKS = ("homepage", "facebook", "twitter", "instagram", "youtube", "wiki", "itunes", "spotify", "tiktok")


@dataclass(slots=True, eq=False)
class AttractionSpec:
    """The constant attributes of an attraction.

    Attributes:
        base_name: its name in events when they were announced.
        kind: what it performs; None for a team.
        resident: whether it performs at one venue only.
    """

    index: int
    seed: int
    id: str
    base_name: str
    classification: Classification
    kind: Kind | None = None
    resident: bool = False

    @property
    def is_never_embedded(self) -> bool:
        """Whether events only link to it, so that clients must look it up by id."""
        return self.index % 47 == 21

    def name_on(self, day: date) -> str:
        """The name on that day, because billings change."""
        phase = dice.number(self.seed, "attraction name", self.index)
        if phase % 4 != 0 or self.kind is None or self.resident:
            return self.base_name
        billing = (day.toordinal() + phase % RENAMING_PERIOD_DAYS) // RENAMING_PERIOD_DAYS
        suffixes = ("", " & Friends", " (Official)") if self.kind.supported else ("", " (Touring)", " (Regional)")
        return self.base_name + suffixes[billing % 3]

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


def make_attractions(
    seed: int, count: int, arenas: list[VenueSpec], residences: list[VenueSpec], taxonomy: Taxonomy
) -> list[AttractionSpec]:
    """Two teams per arena first (2n and 2n+1 play at arena n), then one production per residence, then acts on tour."""
    specs = _teams(seed, arenas, taxonomy)
    names: set[tuple[str, str]] = set()
    for place, venue in enumerate(residences):
        act = _act(seed, len(specs), venue.house.name, taxonomy, venue, place)
        for attempt in range(_ATTEMPTS):
            if (act.base_name, venue.city.name) not in names:
                break
            act.base_name = _resident_name(dice.chance(seed, "another name", act.index, attempt), act.kind, venue)
        names.add((act.base_name, venue.city.name))
        specs.append(act)
    tours = max(count - len(specs), len(_TOURS))
    for number in range(tours):
        act = _act(seed, len(specs), _TOURS[number % len(_TOURS)], taxonomy)
        if number % 97 == 63:  # the same act has several ids
            double = specs[-len(_TOURS)]
            act.base_name, act.classification, act.kind = double.base_name, double.classification, double.kind
        specs.append(act)
    return specs


def _teams(seed: int, arenas: list[VenueSpec], taxonomy: Taxonomy) -> list[AttractionSpec]:
    specs: list[AttractionSpec] = []
    of_the_city: Counter[str] = Counter()
    for arena in arenas:
        for sport in TEAM_SPORTS["stadium" if arena.is_stadium else "arena"]:
            index = len(specs)
            name = titles.team(arena.city.name, of_the_city[arena.city.name])
            of_the_city[arena.city.name] += 1
            path = taxonomy.path("Sports", sport, "Group", "Team")
            specs.append(AttractionSpec(index, seed, dice.identifier("K8vZ9", 11, seed, "team", index), name, path))
    return specs


def _act(
    seed: int, index: int, house: str, taxonomy: Taxonomy, venue: VenueSpec | None = None, place: int = 0
) -> AttractionSpec:
    roll = dice.chance(seed, "attraction spec", index)
    kinds = _KINDS_OF[house]
    # few venues have many shows, so their kinds are spread evenly, as multiples of the golden ratio are
    kind = kinds.pick(roll) if venue is None else kinds.at(place * 0.618034 % 1)
    path = taxonomy.path(kind.segment, kind.genre, kind.type, kind.subtype, int(roll.random() * 6))
    name = kind.name(roll) if venue is None else _resident_name(roll, kind, venue)
    prefix = "K8vZ" if index % 23 != 7 else "Z7r9"
    spec_id = dice.identifier(prefix, 10 + index % 2, seed, "attraction", index)
    return AttractionSpec(index, seed, spec_id, name, path, kind, resident=venue is not None)


def _resident_name(roll: random.Random, kind: Kind | None, venue: VenueSpec) -> str:
    """The name of what a venue shows for years; a play's or revue's has its city, as other companies tour with it."""
    name = kind.name(roll, venue.title) if kind else ""
    return f"{name} ({_TOWNS.get(venue.city.name, venue.city.name)})" if venue.house.name == "long run" else name


_TOWNS = {"New York": "NY"}
_KINDS_OF = {
    house: dice.Weighted(kinds, [kind.share for kind in kinds])
    for house in dict.fromkeys(kind.house for kind in KINDS)
    for kinds in [[kind for kind in KINDS if kind.house == house]]
}
