"""The query string as the API reads it: known, ignored and refused parameters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from . import errors

YesNoOnly = Literal["yes", "no", "only"]

_COMMON = frozenset(
    [
        "apikey",
        "size",
        "page",
        "sort",
        "keyword",
        "id",
        "source",
        "locale",
        "includeTest",
        "includeLicensedContent",
        "includeSpellcheck",
        "preferredCountry",
        "domain",
    ]
)
_PLACE = frozenset(["countryCode", "stateCode", "geoPoint", "latlong", "radius", "unit"])
_CLASSIFICATION = frozenset(
    [
        "classificationName",
        "classificationId",
        "segmentId",
        "segmentName",
        "genreId",
        "subGenreId",
        "typeId",
        "subTypeId",
    ]
)
_TIME = frozenset(
    [
        "startDateTime",
        "endDateTime",
        "localStartDateTime",
        "localStartEndDateTime",
        "startEndDateTime",
        "onsaleStartDateTime",
        "onsaleEndDateTime",
        "onsaleOnStartDate",
        "onsaleOnAfterStartDate",
        "preSaleDateTime",
        "publicVisibilityStartDateTime",
        "includeTBA",
        "includeTBD",
    ]
)
_EVENT_ONLY = frozenset(
    [
        "city",
        "postalCode",
        "venueId",
        "dmaId",
        "marketId",
        "includeFamily",
        "collectionId",
        "attractionId",
        "promoterId",
        "clientVisibility",
    ]
)
KNOWN: dict[str, frozenset[str]] = {
    "events": _COMMON | _PLACE | _CLASSIFICATION | _TIME | _EVENT_ONLY,
    "venues": _COMMON | _PLACE,
    "attractions": _COMMON | _CLASSIFICATION,  # no countryCode: it is ignored here
    "classifications": _COMMON,
    "suggest": frozenset(
        [
            "apikey",
            "keyword",
            "source",
            "latlong",
            "radius",
            "unit",
            "size",
            "includeFuzzy",
            "clientVisibility",
            "countryCode",
            "includeTBA",
            "includeTBD",
            "segmentId",
            "geoPoint",
            "locale",
            "includeSpellcheck",
        ]
    ),
    "details": frozenset({"apikey", "locale", "domain"}),
}
_BY_DIRECTION = ("asc", "desc")
_EVENT_ORDERS = ("name", "date", "relevance", "name,date", "date,name", "venueName")
SORTS: dict[str, tuple[str, ...]] = {
    "events": (
        *(f"{by},{way}" for by in _EVENT_ORDERS for way in _BY_DIRECTION),
        *("distance,asc", "distance,date,asc", "onSaleStartDate,asc", "id,asc", "random"),
    ),
    "venues": tuple(f"{by},{way}" for by in ("name", "relevance", "distance") for way in _BY_DIRECTION),
    "attractions": tuple(f"{by},{way}" for by in ("name", "relevance") for way in _BY_DIRECTION),
    "classifications": ("name,asc", "name,desc"),
}
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of one request in the order sent, including repeated ones."""

    endpoint: str
    pairs: tuple[tuple[str, str], ...]

    def unknown(self) -> list[str]:
        """Parameters that the endpoint ignores."""
        return sorted({name for name, _ in self.pairs} - KNOWN[self.endpoint])

    def one(self, name: str) -> str | None:
        """The first value of a known parameter; None if it is absent, empty or unknown to the endpoint."""
        if name not in KNOWN[self.endpoint]:
            return None
        return next((value for key, value in self.pairs if key == name and value), None)

    def many(self, name: str) -> list[str]:
        """All values of a known parameter that may be repeated or comma separated."""
        if name not in KNOWN[self.endpoint]:
            return []
        return [part for key, value in self.pairs if key == name for part in value.split(",") if part]

    def choice(self, name: str, default: YesNoOnly) -> YesNoOnly:
        """A yes/no/only switch. Any other value counts as absent."""
        choices: dict[str | None, YesNoOnly] = {"yes": "yes", "no": "no", "only": "only"}
        return choices.get(self.one(name), default)

    def instant(self, name: str) -> int | None:
        """A date parameter as epoch seconds.

        Raises:
            ApiError: DIS1015, unless it is `YYYY-MM-DDTHH:mm:ssZ` and a real date.
        """
        value = self.one(name)
        if value is None:
            return None
        if not _DATE.fullmatch(value):
            raise errors.bad_date()
        try:
            return int(datetime.fromisoformat(value).astimezone(UTC).timestamp())
        except ValueError as problem:
            raise errors.bad_date() from problem

    def paging(self, default_size: int = 20) -> tuple[int, int]:
        """Page and size. If not a number, or if the page is negative, the default, as in Spring (undocumented)."""
        page = self.one("page")
        size = self.one("size")
        return (
            int(page) if page and page.isdecimal() else 0,
            int(size) if size and re.fullmatch(r"-?\d+", size) else default_size,
        )

    def sort(self) -> str:
        """The sort order.

        Raises:
            ApiError: DIS1005, if the endpoint does not know it.
        """
        default = "name,asc" if self.endpoint == "classifications" else "relevance,desc"
        sort = self.one("sort") or default
        if sort not in SORTS[self.endpoint]:
            raise errors.bad_sort(SORTS[self.endpoint])
        return sort

    def locales(self) -> list[str]:
        """Requested locales, lower case; `en` if none."""
        return [value.lower() for value in self.many("locale")] or ["en"]

    def filters(self) -> tuple[tuple[str, str], ...]:
        """The parameters that determine the results, in a fixed order, so that they are the same for every page."""
        skipped = {"apikey", "page", "size", "sort"}
        return tuple(sorted((key, value) for key, value in self.pairs if key not in skipped))


def has_locale(locale: str, requested: Sequence[str]) -> bool:
    """Whether content of `locale` is shown: `*` shows all, `en` any English, `en-us` only itself. No fallback."""
    return any(locale_tag in {"*", locale, locale.split("-", maxsplit=1)[0]} for locale_tag in requested)
