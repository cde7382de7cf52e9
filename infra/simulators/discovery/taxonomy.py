"""The classification tree: segments, genres and subgenres, and types and subtypes.

Sizes and the ids of the segments are those of the documentation (6 segments, 11 types, 124 genres, about 1,090
subgenres). All other ids and most names are made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import dice

Json = dict[str, object]

_SEGMENT_PREFIX = "KZFzniwnSyZfZ7v7"
_SEGMENTS = {
    "n1": (
        "Miscellaneous",
        "Casino/Gaming,Comedy,Community/Civic,Family,Fairs & Festivals,Food & Drink,Health/Wellness,Hobby Expos,"
        "Holiday,Ice Shows,Lecture/Seminar,Multimedia,Hypnotists,Special Interest,Community/Cultural,Undefined",
    ),
    "nE": (
        "Sports",
        "Aquatics,Archery,Athletic Races,Badminton,Bandy,Baseball,Basketball,Biathlon,Bowling,Boxing,Cricket,Curling,"
        "Cycling,Darts,Equestrian,eSports,Extreme,Fencing,Field Hockey,Fitness,Floorball,Football,Golf,Gymnastics,"
        "Handball,Hockey,Ice Skating,Indoor Soccer,Lacrosse,Martial Arts,Miscellaneous,Motorsports/Racing,Netball,"
        "Padel,Rodeo,Roller Derby,Roller Hockey,Rowing,Rugby,Skiing,Snooker,Soccer,Softball,Squash,Surfing,"
        "Table Tennis,Tennis,Track & Field,Volleyball,Wrestling",
    ),
    "nJ": (
        "Music",
        "Alternative,Ballads/Romantic,Blues,Chanson,Children's Music,Classical,Country,Dance/Electronic,Folk,"
        "Hip-Hop/Rap,Holiday,Jazz,Latin,Medieval,Metal,New Age,Other,Pop,R&B,Reggae,Religious,Rock,Undefined,World",
    ),
    "na": (
        "Arts & Theatre",
        "Children's Theatre,Circus,Classical,Comedy,Cultural,Dance,Espectaculo,Fashion,Fine Art,Magic & Illusion,"
        "Miscellaneous,Miscellaneous Theatre,Multimedia,Music,Opera,Performance Art,Puppetry,Spectacular,"
        "Theatre,Variety",
    ),
    "nl": ("Undefined", "Undefined"),
    "nn": (
        "Film",
        "Action/Adventure,Animation,Arthouse,Comedy,Documentary,Drama,Family,Foreign,Horror,Miscellaneous,Music,"
        "Science Fiction,Urban",
    ),
}
_TYPES = {
    "Venue Based": "Amusement Park,Aquarium,Club,Ice Rink,Museum,Zoo",
    "Upsell": "Club Access,Dinner Package,Hotel Package,Lockers,Parking,Special Entry,VIP Lounge,Meet & Greet",
    "Undefined": "Undefined",
    "Transportation": "Transportation,Shuttle,Cruise",
    "Nonticket": "Accounting,Exchange,Guide,Magazine,Nonticket,Undefined",
    "Merchandise": "Clothing,Gift Card,Membership,Merchandise,Subscription,Undefined",
    "Individual": "Actor,Artist,Athlete,Comedian,Dancer,Musician,Speaker,Singer/Vocalist",
    "Group": "Band,Choir,Group,League,Orchestra,Team,Troupe",
    "Event Style": "Award Show,Competition,Concert,Convention,Exhibit,Festival,Graduation,Tour,Virtual,Undefined",
    "Donation": "Donation",
    "Parking": "Regular,Premier,Oversized",
}
_VARIANTS = (
    "Contemporary,Traditional,Acoustic,Avant-Garde,Eastern,Festival,Fusion,Heritage,International,Junior,Modern,"
    "New Wave,Open,Progressive,Regional,Roots,Southern,Urban,Western,Youth,Masters"
)
_SUBGENRES = {"Music": 22, "Sports": 5, "Arts & Theatre": 8, "Film": 6, "Miscellaneous": 7, "Undefined": 1}


@dataclass(frozen=True, slots=True)
class Term:
    """The id and name of a term at any level, with the terms below it."""

    id: str
    name: str
    children: tuple[Term, ...] = field(default=(), repr=False)

    def brief(self) -> Json:
        """The pair of id and name in events and attractions."""
        return {"id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True, eq=False)
class Classification:
    """One path through the tree, as in an event or attraction."""

    segment: Term
    genre: Term
    subgenre: Term
    type: Term
    subtype: Term
    family: bool = False

    def terms(self) -> tuple[Term, ...]:
        """From segment to subtype."""
        return self.segment, self.genre, self.subgenre, self.type, self.subtype

    def body(self, primary: bool) -> Json:
        """The element of an event's or attraction's `classifications`."""
        return {
            "primary": primary,
            "segment": self.segment.brief(),
            "genre": self.genre.brief(),
            "subGenre": self.subgenre.brief(),
            "type": self.type.brief(),
            "subType": self.subtype.brief(),
            "family": self.family,
        }


class Taxonomy:
    """The whole tree. It is always the same, because the real one hardly ever changes."""

    def __init__(self) -> None:
        self.segments = tuple(_segment(suffix, *entry) for suffix, entry in _SEGMENTS.items())
        self.types = tuple(_type(name, subtypes) for name, subtypes in _TYPES.items())
        self._genres = {(top.name, genre.name): genre for top in self.segments for genre in top.children}
        self._tops = {top.name: top for top in self.segments} | {f"type {top.name}": top for top in self.types}

    def tops(self) -> tuple[Term, ...]:
        """Segments, then types."""
        return self.segments + self.types

    def path(self, segment: str, genre: str, type_: str, subtype: str, variant: int = 0) -> Classification:
        """The classification with these names. `variant` selects the subgenre.

        Raises:
            KeyError: a name is not in the tree.
        """
        under = self._genres[segment, genre]
        return Classification(
            segment=self._tops[segment],
            genre=under,
            subgenre=under.children[variant % len(under.children)],
            type=self._tops[f"type {type_}"],
            subtype=next(child for child in self._tops[f"type {type_}"].children if child.name == subtype),
            family=genre in {"Family", "Children's Theatre", "Children's Music"},
        )

    def terms(self, level: str) -> Iterator[Term]:
        """All terms of `segments`, `genres`, `subgenres`, `types` or `subtypes`."""
        tops = self.segments if level in {"segments", "genres", "subgenres"} else self.types
        for top in tops:
            if level in {"segments", "types"}:
                yield top
            elif level == "subgenres":
                for genre in top.children:
                    yield from genre.children
            else:
                yield from top.children

    def bodies(self) -> list[tuple[Term, bytes]]:
        """Every element of `/classifications`, in the API's order, with its JSON."""
        return [(top, json.dumps(element_body(top, top in self.types)).encode()) for top in self.tops()]


def element_body(top: Term, is_type: bool) -> Json:
    """The wrapper that `/classifications` and `/classifications/{id}` return for one segment or type."""
    levels = ("types", "subtypes") if is_type else ("segments", "genres", "subgenres")
    body = term_body(top, levels)
    body["primaryId"] = f"dataAdmin-{levels[0][:-1]}-{dice.number('primary', top.id) % 4096:016x}"
    return {
        "family": False,
        "_links": {"self": {"href": f"/discovery/v2/classifications/{top.id}?locale=en-us"}},
        levels[0][:-1]: body,
    }


def term_body(term: Term, levels: tuple[str, ...]) -> Json:
    """One term with everything below it. `levels` names its own level and the levels below."""
    href = f"/discovery/v2/classifications/{levels[0]}/{term.id}?locale=en-us"
    body: Json = {"id": term.id, "name": term.name, "locale": "en-us", "_links": {"self": {"href": href}}}
    if term.children:
        body["_embedded"] = {levels[1]: [term_body(child, levels[1:]) for child in term.children]}
    return body


def _segment(suffix: str, name: str, genres: str) -> Term:
    children = tuple(_genre(name, genre) for genre in genres.split(","))
    return Term(_SEGMENT_PREFIX + suffix, name, children)


def _genre(segment: str, name: str) -> Term:
    count = _SUBGENRES[segment] if name != "Undefined" else 1
    names = [name, *(f"{variant} {name}" for variant in _VARIANTS.split(","))][:count]
    children = tuple(
        Term(dice.identifier("KZazBE", 17, "subgenre", segment, name, subgenre), subgenre) for subgenre in names
    )
    return Term(dice.identifier("Knv", 11, "genre", segment, name), name, children)


def _type(name: str, subtypes: str) -> Term:
    children = tuple(Term(dice.identifier("KZFzBE", 16, name, subtype), subtype) for subtype in subtypes.split(","))
    return Term(dice.identifier("KZAyX", 15, "type", name), name, children)
