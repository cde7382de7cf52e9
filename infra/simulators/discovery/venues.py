"""Simulated venues: their attributes, their names on a day, and their JSON.

Defects are assigned by position (every n-th venue lacks a country, …), so that each quirk of the documentation exists
in every universe, with about its real frequency.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from . import dice, wording
from .entities import Venue
from .geography import ALL_OF_CANADA_DMA, ALL_OF_US_DMA, COUNTRY_NAMES, OTHER_CITIES, City
from .houses import HALL, STADIUM, STAGE, House, sponsored
from .pictures import images

Json = dict[str, object]

RENAMING_PERIOD_DAYS = 80  # 40 % of venues change sponsor or spelling in this period: about one venue in 200 a day
_LOS_ANGELES_DMA = 324
_EXTRA_NAMES = ("Suites", "Parking Lots", "Premium Seating")


@dataclass(slots=True, eq=False)
class VenueSpec:
    """The constant attributes of a venue.

    Attributes:
        title: its name, with `{sponsor}` if a sponsor gives a part of it.
        part: the part of the venue that the season-ticket system lists, such as its suites.
        shows_a_day: how many shows it has, compared with other venues.
        twin_of: the venue that it duplicates under another id.
    """

    index: int
    seed: int
    id: str
    city: City
    title: str
    house: House
    source: str
    lacks: frozenset[str]
    part: str = ""
    shows_a_day: float = 0.0
    twin_of: int | None = None

    @property
    def is_stadium(self) -> bool:
        """Whether it is a stadium, where other sports are played than in an arena."""
        return self.house is STADIUM

    @property
    def postal(self) -> str:
        """Its postal code."""
        return self.city.postals[self._identity % len(self.city.postals)]

    @property
    def _identity(self) -> int:
        return self.index if self.twin_of is None else self.twin_of

    @property
    def is_archtics(self) -> bool:
        """Whether it comes from the season-ticket system, which has little data and writes `CAN` for Canada."""
        return self.source == "archtics"

    @property
    def is_never_embedded(self) -> bool:
        """Whether events only link to it, so that clients must look it up by id."""
        return self.index % 83 == 62 and not self.is_archtics

    def name_on(self, day: date) -> str:
        """The name on that day, because sponsors change, and spellings."""
        if self.title == "*":
            return "*Venues Vary By Event*"
        phase = dice.number(self.seed, "venue name", self._identity)
        changes = phase % 5 <= 1
        period = (day.toordinal() + phase % RENAMING_PERIOD_DAYS) // RENAMING_PERIOD_DAYS if changes else 0
        if "{sponsor}" in self.title:
            return self._with_part(sponsored(self.title, dice.chance(self.seed, "sponsor", self._identity, period)))
        return self._with_part(_spelled(self.title, period % 2))

    def _with_part(self, name: str) -> str:
        return f"{name} {self.part}" if self.part else name

    def country(self) -> tuple[str | None, str | None]:
        """Country name and code in its JSON."""
        if "country" in self.lacks:
            return None, None
        if "CAN" in self.lacks:
            return "Can", "CAN"
        return COUNTRY_NAMES[self.city.country_code], self.city.country_code

    def facets(self, day: date) -> Venue:
        """Its searchable attributes on that day."""
        return Venue(
            id=self.id,
            name=self.name_on(day),
            city=self.city_name(),
            state_code=self.city.state_code or None if "state" not in self.lacks else None,
            country_code=self.country()[1],
            indexed_country=self.city.country_code,
            postal_code=None if "postalCode" in self.lacks else self.postal,
            zone=self.city.zone,
            dmas=self.dmas(),
            markets=(self.city.market[0],) if self.city.market and "markets" not in self.lacks else (),
            position=(self.city.latitude, self.city.longitude) if "location" not in self.lacks else None,
            source=self.source,
        )

    def city_name(self) -> str:
        """The city, sometimes with a stray space."""
        if "blank" not in self.lacks:
            return self.city.name
        return f" {self.city.name}" if self.index % 2 else f"{self.city.name} "

    def dmas(self) -> tuple[int, ...]:
        """DMA numbers. Some are wrong: a Canadian venue may be in Los Angeles."""
        if "dmas" in self.lacks or self.city.dma is None:
            return ()
        if self.city.country_code == "US":
            return ALL_OF_US_DMA, self.city.dma
        wrong = (_LOS_ANGELES_DMA,) if self.index % 3 == 0 else ()
        return ALL_OF_CANADA_DMA, self.city.dma, *wrong

    def body(self, day: date, upcoming: dict[str, int]) -> bytes:
        """Its JSON on that day. `upcoming` counts its events by source."""
        roll = dice.chance(self.seed, "venue", self.index)
        body: Json = {} if "name" in self.lacks else {"name": self.name_on(day)}
        body |= {"type": "venue", "id": self.id, "test": False}
        if not self.is_archtics:
            body["url"] = f"https://www.ticketmaster.example/venue-tickets/venue/{roll.randint(1000, 500000)}"
        body["locale"] = "en-us"
        body |= self._place(wording.street(roll))
        if not self.is_archtics and self.index % 7 != 6:
            body |= self._service(self.city.area, roll.randint(100, 199))
        if "upcomingEvents" not in self.lacks:
            body["upcomingEvents"] = {**upcoming, "_total": sum(upcoming.values()), "_filtered": 0}
        body["_links"] = {"self": {"href": f"/discovery/v2/venues/{self.id}?locale=en-us"}}
        return json.dumps(body, ensure_ascii=False).encode()

    def _place(self, street: str) -> Json:
        city, (country, code) = self.city, self.country()
        place: Json = {
            "postalCode": self.postal,
            "timezone": city.zone,
            "city": {"name": self.city_name()},
            "state": {"stateCode": city.state_code} if self.index % 200 == 150 else _state(city),
            "country": {"name": country, "countryCode": code},
            "address": {} if self.index % 166 == 17 else {"line1": street},
            "location": self._location(),
            "markets": [{"name": city.market[1], "id": city.market[0]}] if city.market else None,
            "dmas": [{"id": number} for number in self.dmas()],
        }
        if not city.state_code:
            place.pop("state")
        return {key: value for key, value in place.items() if key not in self.lacks and value not in (None, [])}

    def _location(self) -> Json:
        if self.index % 701 == 29:
            return {"longitude": "0", "latitude": "0"}
        lot = dice.number(self.seed, "location", self._identity)
        east, north = (lot % 1601 - 800) / 100_000, (lot // 1601 % 1601 - 800) / 100_000
        return {"longitude": f"{self.city.longitude + east:.8f}", "latitude": f"{self.city.latitude + north:.8f}"}

    def _service(self, area_code: str, line: int) -> Json:
        roll = dice.chance(self.seed, "service", self.index)
        handle = next(
            (word for word in self.title.lower().split() if word not in {"the", "club", "{sponsor}"}), "venue"
        )
        service: Json = {
            "boxOfficeInfo": {
                "phoneNumberDetail": f"({area_code}) 555-{line:04d}",
                "openHoursDetail": wording.prose(roll, 1),
                "acceptedPaymentDetail": wording.prose(roll, 1),
                "willCallDetail": wording.prose(roll, 1),
            },
            "parkingDetail": wording.prose(roll, 1),
            "accessibleSeatingDetail": wording.prose(roll, 2),
            "generalInfo": {"generalRule": wording.prose(roll, 2), "childRule": wording.prose(roll, 1)},
        }
        if self.index % 5 < 3:
            service["images"] = images(f"v{self.id}")[:1]
        if self.index % 5 == 1:
            service["social"] = {"twitter": {"handle": f"@{handle}_{self.index}"}}
        if self.index % 6 == 1:
            service["ada"] = {"adaPhones": f"({area_code}) 555-{line:04d}", "adaHours": wording.prose(roll, 1)}
        if self.index % 12 == 1:
            service["aliases"] = [handle, f"the {handle}"]
        return service


def make_foreign_venues(seed: int, first_index: int, count: int) -> list[VenueSpec]:
    """Venues outside the US and Canada, numbered from `first_index`."""
    names: set[tuple[str, str]] = set()
    return [
        make_venue(seed, first_index + n, OTHER_CITIES[n % len(OTHER_CITIES)], (HALL, STAGE)[n % 2], n, names, "mfx")
        for n in range(count)
    ]


def make_archtics_venues(seed: int, first_index: int, arenas: list[VenueSpec]) -> dict[int, list[VenueSpec]]:
    """The season-ticket system's venues by arena index, numbered from `first_index`: suites, parking lots etc."""
    venues_by_arena: dict[int, list[VenueSpec]] = {}
    index = first_index
    for arena in arenas:
        for extra in _EXTRA_NAMES:
            lacks = {"markets", "dmas"}
            if arena.city.country_code == "CA" and extra != "Parking Lots":
                lacks.add("CAN")
            elif arena.index % 5 == 2:
                lacks.add("country")
            spec_id = dice.identifier("Za5", 33 + index % 2, seed, "archtics venue", index)
            title, house, city = arena.title, arena.house, arena.city
            spec = VenueSpec(
                index, seed, spec_id, city, title, house, "archtics", frozenset(lacks), extra, 0.0, arena.index
            )
            venues_by_arena.setdefault(arena.index, []).append(spec)
            index += 1
    return venues_by_arena


def make_venue(
    seed: int,
    index: int,
    city: City,
    house: House,
    number: int,
    names: set[tuple[str, str]],
    source: str = "ticketmaster",
) -> VenueSpec:
    """The `number`-th venue of its kind, and of the universe the `index`-th, with a name that its city has not yet."""
    roll = dice.chance(seed, "venue spec", index)
    title = house.title(roll, number).replace("{city}", city.name)
    while (title, city.name) in names:
        number += 1
        title = house.title(roll, number).replace("{city}", city.name)
    names.add((title, city.name))
    if index % 401 == 137:
        title = "*"
    prefix = "KovZ" if source == "ticketmaster" and index % 9 else "Z6r9" if index % 2 else "rZ7H"
    spec_id = dice.identifier(prefix, 11 + index % 3, seed, "venue", index)
    return VenueSpec(index, seed, spec_id, city, title, house, source, _lacks(index))


def _lacks(index: int) -> frozenset[str]:
    """The fields that this venue lacks, or its defects (`CAN`, `blank`)."""
    periods = {
        "country": (211, 137),
        "state": (61, 41),
        "blank": (127, 79),
        "name": (499, 143),
        "location": (59, 43),
        "address": (83, 71),
        "postalCode": (89, 74),
        "dmas": (7, 3),
        "markets": (7, 4),
        "timezone": (331, 101),
        "upcomingEvents": (41, 9),
    }
    return frozenset(field for field, (period, offset) in periods.items() if index % period == offset)


def make_twin(seed: int, index: int, original: VenueSpec) -> VenueSpec:
    """The double of a venue under another id, with defects of its own."""
    twin = make_venue(seed, index, original.city, original.house, 0, set())
    twin.title, twin.twin_of = original.title, original.index
    return twin


def _spelled(title: str, variant: int) -> str:
    """A name in one of two spellings."""
    if not variant:
        return title
    if "Theatre" in title:
        return title.replace("Theatre", "Theater")
    return title.removeprefix("The ") if title.startswith("The ") else f"The {title}"


def _state(city: City) -> Json:
    return {"name": city.state, "stateCode": city.state_code} if city.state else {"stateCode": city.state_code}
