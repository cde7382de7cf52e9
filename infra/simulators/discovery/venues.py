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
from .geography import (
    ALL_OF_CANADA_DMA,
    ALL_OF_US_DMA,
    CANADIAN_CITIES,
    COUNTRY_NAMES,
    OTHER_CITIES,
    US_CITIES,
    City,
)
from .pictures import images

Json = dict[str, object]

CANADIAN_SHARE = 0.12
RENAMING_PERIOD_DAYS = 80  # 40 % of venues change sponsor in this period: about one venue in 200 a day
_ARENA_KINDS = ("Arena", "Stadium", "Center", "Coliseum")
_LOS_ANGELES_DMA = 324
_EXTRA_NAMES = ("Suites", "Parking Lots", "Premium Seating")


@dataclass(slots=True, eq=False)
class VenueSpec:
    """The constant attributes of a venue. `twin_of` is the venue that it duplicates under another id."""

    index: int
    seed: int
    id: str
    city: City
    proper: str
    kind: str
    source: str
    lacks: frozenset[str]
    twin_of: int | None = None

    @property
    def is_archtics(self) -> bool:
        """Whether it comes from the season-ticket system, which has little data and writes `CAN` for Canada."""
        return self.source == "archtics"

    @property
    def is_never_embedded(self) -> bool:
        """Whether events only link to it, so that clients must look it up by id."""
        return self.index % 83 == 62 and not self.is_archtics

    def name_on(self, day: date) -> str:
        """The name on that day, because sponsors change."""
        if self.kind == "*":
            return "*Venues Vary By Event*"
        identity = self.index if self.twin_of is None else self.twin_of
        phase = dice.number(self.seed, "venue name", identity)
        if phase % 5 > 1 or self.is_archtics:
            return f"{self.proper} {self.kind}"
        sponsorship = (day.toordinal() + phase % RENAMING_PERIOD_DAYS) // RENAMING_PERIOD_DAYS
        sponsor = wording.sponsor(dice.chance(self.seed, "sponsor", identity, sponsorship))
        return f"{sponsor} {self.kind} at {self.proper} Place"

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
            postal_code=None if "postalCode" in self.lacks else self.city.postal,
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
            body |= self._service(roll.randint(200, 999), roll.randint(1, 9999))
        if "upcomingEvents" not in self.lacks:
            body["upcomingEvents"] = {**upcoming, "_total": sum(upcoming.values()), "_filtered": 0}
        body["_links"] = {"self": {"href": f"/discovery/v2/venues/{self.id}?locale=en-us"}}
        return json.dumps(body, ensure_ascii=False).encode()

    def _place(self, street: str) -> Json:
        city, (country, code) = self.city, self.country()
        place: Json = {
            "postalCode": city.postal,
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
        nudge = dice.number(self.seed, "location", self.index) % 4000 / 100_000
        return {"longitude": f"{self.city.longitude + nudge:.8f}", "latitude": f"{self.city.latitude - nudge:.8f}"}

    def _service(self, area_code: int, line: int) -> Json:
        roll = dice.chance(self.seed, "service", self.index)
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
            service["social"] = {"twitter": {"handle": f"@{self.proper.lower()}_{self.index}"}}
        if self.index % 6 == 1:
            service["ada"] = {"adaPhones": f"({area_code}) 555-{line:04d}", "adaHours": wording.prose(roll, 1)}
        if self.index % 12 == 1:
            service["aliases"] = [self.proper.lower(), f"the {self.proper.lower()}"]
        return service


def make_venues(seed: int, count: int) -> list[VenueSpec]:
    """The ordinary venues of the US and Canada. The first ones are the big arenas, one per city."""
    cities = sorted(US_CITIES + CANADIAN_CITIES, key=lambda city: -city.weight)
    us, canada = (dice.Weighted(group, [c.weight for c in group]) for group in (US_CITIES, CANADIAN_CITIES))
    venues: list[VenueSpec] = []
    for index in range(count):
        roll = dice.chance(seed, "venue spec", index)
        proper, kind = wording.hall(roll)
        if index < len(cities):
            city = cities[index]
            kind = _ARENA_KINDS[index % 4]
        else:
            city = (canada if roll.random() < CANADIAN_SHARE else us).pick(roll)
        venues.append(_ordinary(seed, index, city, proper, kind))
        if index > 0 and index % 17 == 5:
            _make_twin(venues[index], venues[index - 1])
        if index > 1 and index % 51 == 6:
            _make_twin(venues[index], venues[index - 2])
    return venues


def make_foreign_venues(seed: int, first_index: int, count: int) -> list[VenueSpec]:
    """Venues outside the US and Canada, numbered from `first_index`."""
    return [
        _ordinary(
            seed,
            first_index + n,
            OTHER_CITIES[n % len(OTHER_CITIES)],
            *wording.hall(dice.chance(seed, "abroad", n)),
            "mfx",
        )
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
            proper = f"{arena.proper} {arena.kind}"
            spec = VenueSpec(index, seed, spec_id, arena.city, proper, extra, "archtics", frozenset(lacks))
            venues_by_arena.setdefault(arena.index, []).append(spec)
            index += 1
    return venues_by_arena


def _ordinary(seed: int, index: int, city: City, proper: str, kind: str, source: str = "ticketmaster") -> VenueSpec:
    if index % 401 == 137:
        kind = "*"
    prefix = "KovZ" if source == "ticketmaster" and index % 9 else "Z6r9" if index % 2 else "rZ7H"
    spec_id = dice.identifier(prefix, 11 + index % 3, seed, "venue", index)
    return VenueSpec(index, seed, spec_id, city, proper, kind, source, _lacks(index))


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


def _make_twin(twin: VenueSpec, original: VenueSpec) -> None:
    twin.city = original.city
    twin.proper = original.proper
    twin.kind = original.kind
    twin.twin_of = original.twin_of if original.twin_of is not None else original.index


def _state(city: City) -> Json:
    return {"name": city.state, "stateCode": city.state_code} if city.state else {"stateCode": city.state_code}
