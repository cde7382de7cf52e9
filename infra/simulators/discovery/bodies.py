"""An event's JSON on a day, as the API would send it: 6 to 11 KB with pictures, venue and attractions."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from . import dice, wording
from .attractions import AttractionSpec
from .entities import Event
from .fates import Standing
from .pictures import images
from .programme import EventSpec
from .repertoire import TEAM_PRICES
from .venues import VenueSpec

Json = dict[str, object]

_HOSTS = ("www.ticketmaster.example", "ticketmaster.example.ca", "www.ticketweb.example", "evyy.example/c/1/2/3?u=")
_PRODUCT_TYPES = ("Upsell", "Parking", "VIP", "Special Entry")
_PLACEHOLDER_ONSALE = ("1900-01-01T06:00:00Z", "1900-01-01T18:00:00Z")
_UNBILLED_PRICES = (15, 35)
_DAY = 86_400


@dataclass(slots=True, eq=False)
class GeneratedEvent(Event):
    """An event of the generated world: its searchable attributes and the sources of its JSON."""

    spec: EventSpec
    standing: Standing


@lru_cache(maxsize=50_000)
def utc_offset(zone: str, day: date) -> int:
    """Seconds that local time is ahead of UTC at noon of that day (events do not start during a clock change)."""
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def epoch(day: date, minute: int | None, zone: str) -> int:
    """Epoch seconds of a local start; midnight if it has no time."""
    days = day.toordinal() - date(1970, 1, 1).toordinal()
    return days * _DAY + (minute or 0) * 60 - utc_offset(zone, day)


def utc_text(instant: int) -> str:
    """`YYYY-MM-DDTHH:MM:SSZ`."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sale_period(spec: EventSpec) -> tuple[int, int]:
    """Start and end of ticket sales, in epoch seconds: from 15:00 UTC two days after announcement to the start."""
    start = epoch(spec.planned - timedelta(days=spec.announced_days - 2), 15 * 60, "UTC")
    return start, max(start, epoch(spec.planned, spec.minute, spec.zone))


def promoter_of(spec: EventSpec) -> str | None:
    """The promoter's id. Two in five events have none."""
    return str(100 + spec.key % 900) if spec.key % 5 < 3 and spec.source != "archtics" else None


def event_body(
    event: GeneratedEvent,
    today: date,
    venue_body: Callable[[VenueSpec], bytes],
    attraction_body: Callable[[AttractionSpec], bytes],
) -> bytes:
    """The event's JSON. The two functions return the JSON fragments of venue and attractions."""
    spec = event.spec
    roll = random.Random(spec.key)
    host = spec.source != "archtics"
    body: Json = {"name": spec.name} if spec.name else {}
    body |= {"type": "event", "id": spec.id, "test": spec.test}
    if host:
        body["url"] = f"https://{roll.choice(_HOSTS)}/event/{roll.randrange(16**16):016X}"
    body["locale"] = spec.locale
    owner = spec.attractions[0].id if spec.attractions else spec.id
    body["images"] = images(owner, fallback=not spec.attractions)
    if host:
        body["sales"] = _sales(roll, spec)
    body["dates"] = _dates(roll, event, today)
    if spec.classifications:
        body["classifications"] = [path.body(primary=n == 0) for n, path in enumerate(spec.classifications)]
    if host:
        body |= _extras(roll, spec)
    body["ticketing"] = {"safeTix": {"enabled": roll.random() < 0.8}, "id": "ticketing"}
    body["_links"] = _links(spec)
    embedded = _embedded(spec, venue_body, attraction_body)
    text = json.dumps(body, ensure_ascii=False).encode()
    return text[:-1] + b', "_embedded": ' + embedded + b"}" if embedded else text


def _sales(roll: random.Random, spec: EventSpec) -> Json:
    start, end = sale_period(spec)
    lot = roll.random()
    presale_lot = roll.random()
    placeholder = roll.choice(_PLACEHOLDER_ONSALE)
    public: Json = {
        "startDateTime": utc_text(start),
        "startTBD": False,
        "startTBA": False,
        "endDateTime": utc_text(end),
    }
    if lot < 0.18:
        public["startDateTime"] = placeholder
    elif lot < 0.19:
        public = {"startTBD": False, "startTBA": True}
    elif lot < 0.20:
        public["endDateTime"] = "2099-12-31T06:00:00Z"
    sales: Json = {"public": public}
    if presale_lot < 0.35:
        sales["presales"] = [
            {
                "startDateTime": utc_text(start - (n + 2) * _DAY),
                "endDateTime": utc_text(start - (n + 1) * _DAY),
                "name": f"{wording.sponsor(roll)} Presale",
            }
            for n in range(roll.randint(1, 3))
        ]
    return sales


def _dates(roll: random.Random, event: GeneratedEvent, today: date) -> Json:
    spec = event.spec
    standing = event.standing
    lots = [roll.random() for _ in range(7)]
    dates: Json = {"start": _start(spec, standing, vague=lots[0] < 0.5, wrong=lots[1] < 0.001)}
    if standing.day and (spec.source == "archtics" or lots[2] < 0.1):
        dates["end"] = _end(spec, standing.day, standing.minute, placeholder=lots[3] < 0.6)
    if event.starts is not None and lots[4] < 0.1:
        access = {"startDateTime": utc_text(event.starts - 7200), "startApproximate": False, "endApproximate": False}
        dates["access"] = access
    if standing.first_day:
        first = epoch(standing.first_day, spec.minute, spec.zone)
        initial = {"localDate": standing.first_day.isoformat()}
        if spec.minute is not None:
            initial |= {"localTime": clock_text(spec.minute), "dateTime": utc_text(first)}
        dates["initialStartDate"] = initial
    if lots[5] > 0.04:
        dates["timezone"] = spec.zone
    code = _status_code(spec, standing, today)
    dates["status"] = {} if lots[6] < 0.001 else {"code": code}
    dates["spanMultipleDays"] = lots[6] > 0.97
    return dates


def _start(spec: EventSpec, standing: Standing, vague: bool, wrong: bool) -> Json:
    """`vague` selects noSpecificTime over timeTBA; `wrong` writes UTC into localTime, as one recording did."""
    start: Json = {}
    timeless = standing.day is not None and standing.minute is None
    if standing.day is not None:
        start["localDate"] = standing.day.isoformat()
        if standing.minute is not None:
            instant = utc_text(epoch(standing.day, standing.minute, spec.zone))
            start["localTime"] = instant[11:19] if wrong else clock_text(standing.minute)
            start["dateTime"] = instant
    return start | {
        "dateTBD": standing.tbd,
        "dateTBA": standing.tba,
        "timeTBA": timeless and not vague,
        "noSpecificTime": timeless and vague,
    }


def _end(spec: EventSpec, day: date, minute: int | None, placeholder: bool) -> Json:
    if spec.source == "archtics" and placeholder:
        day = date(day.year, 12, 31)
        minute = 23 * 60 + 59
    end: Json = {"localDate": day.isoformat()}
    if minute is not None:
        finish = epoch(day, minute, spec.zone) + (0 if placeholder else 3 * 3600)
        local = datetime.fromtimestamp(finish + utc_offset(spec.zone, day), UTC)
        end = {
            "localDate": local.date().isoformat(),
            "localTime": local.strftime("%H:%M:%S"),
            "dateTime": utc_text(finish),
        }
    return end | {"approximate": False, "noSpecificTime": minute is None}


def clock_text(minute: int) -> str:
    """`HH:MM:00` of a minute of the day."""
    return f"{minute // 60:02d}:{minute % 60:02d}:00"


def _status_code(spec: EventSpec, standing: Standing, today: date) -> str:
    if standing.status:
        return standing.status
    on_sale = epoch(today, 0, "UTC") >= sale_period(spec)[0]
    return "onsale" if on_sale and spec.source != "archtics" else "offsale"


def _extras(roll: random.Random, spec: EventSpec) -> Json:
    """Optional fields, each with about its recorded share."""
    lots = [roll.random() for _ in range(12)]
    extras: Json = {}
    if promoter := promoter_of(spec):
        first_promoter = {"id": promoter, "name": f"{wording.sponsor(roll).upper()} PRESENTS"}
        if lots[0] < 0.05:
            first_promoter.pop("name")
        extras["promoter"] = first_promoter
        extras["promoters"] = (
            [first_promoter, {"id": "494", "name": "PROMOTED BY VENUE"}] if lots[0] > 0.9 else [first_promoter]
        )
    if lots[1] < 0.2:
        extras["info"] = wording.prose(roll, 3)
    if lots[2] < 0.35:
        extras["pleaseNote"] = wording.prose(roll, 2)
    if lots[3] < 0.10:
        extras["priceRanges"] = _prices(roll, spec)
    if lots[4] < 0.28:
        extras["products"] = [_product(roll, spec, n) for n in range(roll.randint(1, 3))]
    if lots[5] < 0.6:
        extras["seatmap"] = {"staticUrl": f"https://maps.ticketmaster.example/{spec.key:016X}/image", "id": "seatmap"}
    if lots[6] < 0.76:
        extras["accessibility"] = {"ticketLimit": roll.randint(2, 8), "id": "accessibility"}
        extras["ageRestrictions"] = {"legalAgeEnforced": lots[7] < 0.1, "id": "ageRestrictions"}
    if lots[8] < 0.4:
        extras["ticketLimit"] = {"info": f"There is a ticket limit of {roll.randint(2, 10)}.", "id": "ticketLimit"}
    if lots[9] < 0.02:
        extras["outlets"] = [{"url": f"https://resale.ticketmaster.example/{spec.id}", "type": "tmMarketPlace"}]
    if lots[10] < 0.02 and spec.minute:
        local = {"localDate": spec.planned.isoformat(), "localTime": clock_text(spec.minute - 60)}
        instant = utc_text(epoch(spec.planned, spec.minute - 60, spec.zone))
        extras["doorsTimes"] = {**local, "dateTime": instant, "id": "doorsTimes"}
    return extras


def _prices(roll: random.Random, spec: EventSpec) -> list[Json]:
    currency = "CAD" if spec.country == "CA" else "USD"
    if roll.random() < 0.02:
        return [{"currency": currency}]
    cheapest, dearest = _usual_prices(spec)
    low = round(cheapest * (0.8 + roll.random())) + roll.choice((0, 0.5, 0.99))
    high = low if roll.random() < 0.15 else round(max(low, dearest * (0.6 + 0.8 * roll.random()))) + 0.5
    prices: list[Json] = [{"type": "standard", "currency": currency, "min": low, "max": high}]
    if roll.random() < 0.3:
        with_fees = {"min": round(low * 1.18, 2), "max": round(high * 1.18, 2)}
        prices.append({"type": "standard including fees", "currency": currency, **with_fees})
    return prices


def _usual_prices(spec: EventSpec) -> tuple[int, int]:
    """The cheapest and the dearest usual price for what is performed."""
    act = spec.attractions[0] if spec.attractions else None
    if act is None:
        return _UNBILLED_PRICES
    return act.kind.prices if act.kind else TEAM_PRICES[act.classification.genre.name]


def _product(roll: random.Random, spec: EventSpec, n: int) -> Json:
    kind = roll.choice(_PRODUCT_TYPES)
    return {
        "name": f"{kind}: {spec.name}",
        "id": dice.identifier("G5di", 13, "product", spec.key, n),
        "url": f"https://www.ticketmaster.example/event/{roll.randrange(16**16):016X}",
        "type": kind,
        "classifications": [
            {
                "primary": True,
                "segment": {"id": "KZFzniwnSyZfZ7v7n1", "name": "Miscellaneous"},
                # a subtype that is not in the classification tree
                "subType": {"id": dice.identifier("KZFzBE", 16, "product", kind), "name": "Regular"},
            }
        ],
    }


def _links(spec: EventSpec) -> Json:
    links: Json = {"self": {"href": f"/discovery/v2/events/{spec.id}?locale={spec.locale}"}}
    if spec.attractions:
        links["attractions"] = [
            {"href": f"/discovery/v2/attractions/{act.id}?locale=en-us"} for act in spec.attractions
        ]
    if spec.venue:
        links["venues"] = [{"href": f"/discovery/v2/venues/{spec.venue.id}?locale=en-us"}]
    return links


def _embedded(
    spec: EventSpec, venue_body: Callable[[VenueSpec], bytes], attraction_body: Callable[[AttractionSpec], bytes]
) -> bytes:
    parts = []
    if spec.venue and not spec.links_venue_only and not spec.venue.is_never_embedded:
        parts.append(b'"venues": [' + venue_body(spec.venue) + b"]")
    embeddable = spec.attractions[: len(spec.attractions) - spec.linked_only]
    embedded_acts = [act for act in embeddable if not act.is_never_embedded]
    if embedded_acts:
        parts.append(b'"attractions": [' + b", ".join(map(attraction_body, embedded_acts)) + b"]")
    return b"{" + b", ".join(parts) + b"}" if parts else b""
