"""DATEFORMAT and TIMEFORMAT of COPY: format strings, `auto` and epochs.

Sources: https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html and
automatic-recognition.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from ..errors import RefusedByRedshift

Normalize = Callable[[str], "str | None"]
"""Turns a text into ISO 8601; None if it does not have the format, or is no date."""

DEFAULT_DATE = "YYYY-MM-DD"
DEFAULT_TIMESTAMP = "YYYY-MM-DD HH:MI:SS"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = re.compile(r"YYYY|YY|MON|MM|DDD|DD|HH24|HH12|HH|MI|SS|AM|PM|OF|TZ|(.)", re.IGNORECASE | re.DOTALL)
_PATTERNS = {
    "YYYY": r"(?P<year>\d{4})", "YY": r"(?P<short_year>\d{2})", "MM": r"(?P<month>\d{1,2})",
    "MON": r"(?P<name>[A-Za-z]{3,9})", "DD": r"(?P<day>\d{1,2})", "DDD": r"(?P<day_of_year>\d{3})",
    "HH": r"(?P<hour>\d{1,2})", "HH24": r"(?P<hour>\d{1,2})", "HH12": r"(?P<hour>\d{1,2})",
    "MI": r"(?P<minute>\d{1,2})", "SS": r"(?P<second>\d{1,2})(?:\.(?P<fraction>\d+))?",
    "AM": r"(?P<meridian>[AaPp][Mm])", "PM": r"(?P<meridian>[AaPp][Mm])",
}  # fmt: skip
_ZONE = r"(?:\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?))?"
_TIME = (
    r"(?:(?:\s+|T)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d+))?)?"
    r"(?:\s*(?P<meridian>[AaPp][Mm]))?)?"
)
_AUTO = (
    *("YYYY-MM-DD", "YYYYMMDD", "YYMMDD", "MM/DD/YYYY", "MM-DD-YYYY", "MM/DD/YY", "YYYY/MM/DD", "YYYY.MM.DD"),
    *("MON DD, YYYY", "MON DD YYYY", "MON-DD-YYYY", "DD-MON-YYYY", "DD MON YYYY", "YYYY-MON-DD", "YYYY.DDD"),
)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?")
"""The forms that need no conversion, and that most files have."""
_BY_DEFAULT = ("", "auto")
_EPOCHS = {"epochsecs": Decimal(1), "epochmillisecs": Decimal(1000)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def date_reader(form: str) -> Normalize:
    """Reads the text of a DATE.

    Args:
        form: DATEFORMAT; empty for the default.

    Raises:
        RefusedByRedshift: the format string is not valid.
    """
    is_iso = form.lower() in _BY_DEFAULT
    rest = _TIME + _ZONE if form.lower() == "auto" else _TIME
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in _patterns(form or DEFAULT_DATE, rest)]

    def read(text: str) -> str | None:
        if is_iso and _ISO_DATE.fullmatch(text) and _exists(text):
            return text
        if not form and len(text.strip()) < len(DEFAULT_DATE):
            return None
        for pattern in patterns:
            if (match := pattern.fullmatch(text.strip())) and (moment := _moment(match)):
                return moment.date().isoformat()
        return None

    return read


def timestamp_reader(form: str, *, has_zone: bool) -> Normalize:
    """Reads the text of a TIMESTAMP, or of a TIMESTAMPTZ.

    Args:
        form: TIMEFORMAT; empty for the default.
        has_zone: whether the type has a time zone; a text without one is in UTC.

    Raises:
        RefusedByRedshift: the format string is not valid.
    """
    if form.lower() in _EPOCHS:
        return _epoch_reader(_EPOCHS[form.lower()])
    zone = _ZONE if has_zone or form.lower() == "auto" else ""
    time = _TIME if form.lower() == "auto" else ""
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in _patterns(form or DEFAULT_TIMESTAMP, time + zone)]

    is_iso = form.lower() in _BY_DEFAULT and not has_zone

    def read(text: str) -> str | None:
        if is_iso and _ISO_TIMESTAMP.fullmatch(text) and _exists(text):
            return text
        for pattern in patterns:
            if (match := pattern.fullmatch(text.strip())) and (moment := _moment(match)):
                zone = match.groupdict().get("zone") or "" if has_zone else ""
                return moment.isoformat(sep=" ") + (zone or ("+00" if has_zone else ""))
        return None

    return read


def _exists(text: str) -> bool:
    """Whether a text in ISO 8601 is a day, or a day and time, that exists."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _patterns(form: str, rest: str) -> Iterator[str]:
    if form.lower() == "auto":
        for known_form in _AUTO:
            yield _pattern(known_form) + rest
        yield r"(?:[A-Za-z]{3},?\s+)?(?P<name>[A-Za-z]{3})\s+(?P<day>\d{1,2})\s+(?P<hour>\d{2}):(?P<minute>\d{2})" \
              r":(?P<second>\d{2})(?:\.(?P<fraction>\d+))?\s+(?P<year>\d{4})"  # fmt: skip
    else:
        yield _pattern(form) + (rest if form == DEFAULT_DATE or rest == _ZONE else "")


def _pattern(form: str) -> str:
    """A format string as a regular expression. Two parts without a separator have their full width."""
    parts = list(_PARTS.finditer(form))
    pieces = []
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        word = part[0].upper()
        if word in ("OF", "TZ"):
            raise RefusedByRedshift("TIMEFORMAT can't have a time zone; use 'auto'")
        if word not in _PATTERNS and part[0].isalpha() and part[0].upper() != "T":
            raise RefusedByRedshift(f"Invalid date format string: '{form}'")
        piece = _PATTERNS.get(word, re.escape(part[0]))
        is_followed = following is not None and following[0].upper() in _PATTERNS
        pieces.append(piece.replace(r"\d{1,2}", r"\d{2}") if is_followed else piece)
    pattern = "".join(pieces)
    if any(pattern.count(f"?P<{name}>") > 1 for name in ("year", "month", "day", "hour", "minute", "second")):
        raise RefusedByRedshift(f"Invalid date format string: '{form}'")
    return pattern


def _moment(match: re.Match[str]) -> datetime | None:
    """The date and time that a text names; None if there is no such day or time."""
    parts = match.groupdict()
    try:
        day = _day(parts)
        hour = int(parts.get("hour") or 0)
        if meridian := parts.get("meridian"):
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if meridian.lower() == "pm" else 0)
        fraction = int((parts.get("fraction") or "0")[:6].ljust(6, "0"))
        minute = int(parts.get("minute") or 0)
        return datetime(day.year, day.month, day.day, hour, minute, int(parts.get("second") or 0), fraction)  # noqa: DTZ001
    except ValueError:
        return None


def _day(parts: dict[str, str | None]) -> date:
    short_year = parts.get("short_year")
    year = int(parts.get("year") or 0)
    if short_year:
        year = int(short_year) + (2000 if int(short_year) < 70 else 1900)
    if day_of_year := parts.get("day_of_year"):
        day = date(year, 1, 1) + timedelta(int(day_of_year) - 1)
        if day.year != year:
            raise ValueError(day_of_year)
        return day
    name = parts.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(parts.get("month") or 1)
    return date(year, month, int(parts.get("day") or 1))


def _epoch_reader(per_second: Decimal) -> Normalize:
    def read(text: str) -> str | None:
        try:
            moment = _EPOCH + timedelta(microseconds=int(Decimal(text.strip()) / per_second * 1_000_000))
        except (InvalidOperation, OverflowError, ValueError):
            return None
        return moment.replace(tzinfo=None).isoformat(sep=" ")

    return read
