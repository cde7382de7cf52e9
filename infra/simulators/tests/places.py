"""What every American knows about places: the towns of each state, and the largest states."""

from __future__ import annotations

from infra.simulators.discovery import gazetteer
from infra.simulators.discovery.geography import CANADIAN_CITIES, US_CITIES, ascii_name

TOWNS = {(ascii_name(city), city.state_code) for city in US_CITIES + CANADIAN_CITIES}
POPULATION = {
    "CA": 39.5,
    "TX": 29.1,
    "FL": 21.5,
    "NY": 20.2,
    "PA": 13.0,
    "IL": 12.8,
    "OH": 11.8,
    "GA": 10.7,
    "NC": 10.4,
    "MI": 10.1,
    "NJ": 9.3,
}
"""Millions of people in the largest states, by the census of 2020."""

# the ranges of latitude and longitude of some states, from north to south and from west to east
BOUNDS = {
    "CA": (32.5, 42.1, -124.5, -114.1),
    "TX": (25.8, 36.6, -106.7, -93.5),
    "FL": (24.4, 31.1, -87.7, -79.9),
    "NY": (40.4, 45.1, -79.8, -71.8),
    "PA": (39.7, 42.3, -80.6, -74.6),
    "IL": (36.9, 42.6, -91.6, -87.4),
    "OH": (38.4, 42.4, -84.9, -80.5),
    "GA": (30.3, 35.1, -85.7, -80.8),
    "NV": (35.0, 42.1, -120.1, -114.0),
    "CO": (36.9, 41.1, -109.1, -102.0),
    "TN": (34.9, 36.7, -90.4, -81.6),
    "WA": (45.5, 49.1, -124.9, -116.9),
    "HI": (18.9, 22.3, -160.3, -154.8),
    "ON": (41.6, 56.9, -95.2, -74.3),
    "QC": (44.9, 62.6, -79.8, -57.1),
    "BC": (48.2, 60.1, -139.1, -114.0),
}
# the first digits of postal codes of some states, and the zones of most places there
POSTAL = {"NY": "1", "NJ": "0", "MA": "0", "PA": "1", "FL": "3", "GA": "3", "TN": "3", "OH": "4", "MI": "4", "IN": "4"}
POSTAL |= {"WI": "5", "MN": "5", "IL": "6", "MO": "6", "TX": "7", "LA": "7", "CO": "8", "AZ": "8", "NV": "8", "UT": "8"}
POSTAL |= {"CA": "9", "WA": "9", "OR": "9", "HI": "9", "AK": "9", "ON": "KLMNP", "QC": "GHJ", "BC": "V", "AB": "T"}
ZONES = {"NY": "New_York", "FL": "New_York", "IL": "Chicago", "CO": "Denver", "CA": "Los_Angeles", "AZ": "Phoenix"}
STATES = gazetteer.STATES
