"""Locations of simulated venues: real cities, and how the API writes their countries."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from . import gazetteer


class City(NamedTuple):
    """One place.

    Attributes:
        market: the (id, name) pair of the API.
        postals: some of its postal codes.
        area: its telephone area code.
        weight: its share of business among the places of its country.
    """

    name: str
    state: str
    state_code: str
    country_code: str
    zone: str
    latitude: float
    longitude: float
    market: tuple[str, str] | None
    dma: int | None
    postals: tuple[str, ...]
    area: str
    weight: float


COUNTRY_NAMES = {
    "US": "United States Of America",
    "CA": "Canada",
    "MX": "Mexico",
    "GB": "Great Britain",
    "AU": "Australia",
    "CZ": "Česká republika",  # the live API returns some countries in their own language
}

ALL_OF_US_DMA = 200
ALL_OF_CANADA_DMA = 500
CANADIAN_SHARE = 0.12
_NO_AREA = "555"


def _cities(table: str, country: str) -> tuple[City, ...]:
    return tuple(_city(country, *row.split("|")) for row in table.strip().splitlines())


def _foreign_cities(table: str) -> tuple[City, ...]:
    cities: list[City] = []
    for row in table.strip().splitlines():
        name, state, country, zone, latitude, longitude, market, dma, postals, weight = row.split("|")
        cities.append(_city(country, name, state, zone, latitude, longitude, market, dma, postals, _NO_AREA, weight))
    return tuple(cities)


def _city(
    country: str,
    name: str,
    state: str,
    zone: str,
    latitude: str,
    longitude: str,
    market: str,
    dma: str,
    postals: str,
    area: str,
    weight: str,
) -> City:
    full_zone = gazetteer.ZONES.get(zone) or (zone if "/" in zone else f"America/{zone}")
    return City(
        name=name,
        state=gazetteer.STATES.get(state, ""),
        state_code=state,
        country_code=country,
        zone=full_zone,
        latitude=float(latitude),
        longitude=float(longitude),
        market=(market, gazetteer.MARKETS[market]) if market else None,
        dma=int(dma) if dma else None,
        postals=tuple(postals.split(",")),
        area=area,
        weight=float(weight),
    )


US_CITIES = _cities(gazetteer.UNITED_STATES, "US")
CANADIAN_CITIES = _cities(gazetteer.CANADA, "CA")
OTHER_CITIES = _foreign_cities(gazetteer.ABROAD)


@lru_cache(maxsize=256)
def ascii_name(city: City) -> str:
    """The name of a city without accents."""
    return unicodedata.normalize("NFKD", city.name).encode("ascii", "ignore").decode()


def business() -> list[tuple[City, float]]:
    """The cities of the US and Canada with their shares of all business, state by state."""
    shares: list[tuple[City, float]] = []
    for cities, share in ((US_CITIES, 1 - CANADIAN_SHARE), (CANADIAN_CITIES, CANADIAN_SHARE)):
        total = sum(city.weight for city in cities)
        shares += [(city, share * city.weight / total) for city in sorted(cities, key=lambda city: city.state_code)]
    return shares
