"""Geographic filters: a point as a geohash or `lat,long`, a radius, and distances."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from .query import Query

Point = tuple[float, float]

_BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz"
_EARTH_MILES = 3958.8
_EARTH_KM = 6371.0
_DEFAULT_RADIUS = 50.0


def centre(query: Query) -> Point | None:
    """The point in `geoPoint` (or the deprecated `latlong`); None if there is none or it is malformed."""
    latlong = query.one("latlong")
    text = query.one("geoPoint") or latlong
    if text is None:
        return None
    if "," in text:
        try:
            latitude, longitude = map(float, text.split(","))
        except ValueError:
            return None
        return latitude, longitude
    return geohash_centre(text)


def geohash_centre(text: str) -> Point | None:
    """The centre of a geohash cell; None if it is not a geohash."""
    sides = [[-90.0, 90.0], [-180.0, 180.0]]
    axis = 1
    for letter in text.lower():
        value = _BASE32.find(letter)
        if value < 0:
            return None
        for bit in (16, 8, 4, 2, 1):
            middle = sum(sides[axis]) / 2
            sides[axis][0 if value & bit else 1] = middle
            axis = 1 - axis
    return sum(sides[0]) / 2, sum(sides[1]) / 2


def reach(query: Query) -> tuple[float, float]:
    """The radius, and the earth's radius in the same unit (miles unless `unit=km`)."""
    radius = query.one("radius")
    earth = _EARTH_KM if query.one("unit") == "km" else _EARTH_MILES
    return (float(radius) if radius and radius.isdecimal() else _DEFAULT_RADIUS), earth


def distance(origin: Point, destination: Point, earth: float) -> float:
    """Great-circle distance in the unit of `earth`."""
    (lat1, lon1), (lat2, lon2) = origin, destination
    up = radians(lat2 - lat1)
    across = radians(lon2 - lon1)
    chord = sin(up / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(across / 2) ** 2
    return 2 * earth * asin(sqrt(chord))
