"""How TICKIT's files write their values: all are text, each in one form, and another form is an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from schemas.types import ByteText, Timestamp, Written

_WHOLE = Written(r"^-?[0-9]{1,10}$")
_TIME = "[0-9]{2}:[0-9]{2}:[0-9]{2}$"
_COUNTRIES = {
    "CA": "AB BC MB NB NL NS NT NU ON PE QC SK YT",
    "US": (
        "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
        "OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI AA AE AP"
    ),
}
_COUNTRY_OF = {state: country for country, states in _COUNTRIES.items() for state in states.split()}
"""Country of each postal code: Canada's provinces and territories; the states, DC, the territories and the forces."""


@lru_cache(maxsize=4096)
def _iso_day(american: str) -> str:
    """`2008-02-18` for `2/18/2008`. Days are few, sales many."""
    month, day, year = american.split("/")
    return f"{year}-{month:0>2}-{day:0>2}"


def _american(written: str) -> datetime:
    day, time = written.split(" ")
    return datetime.fromisoformat(f"{_iso_day(day)} {time}+00:00")


def _utc(clock: datetime) -> datetime:
    return clock.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Folded:
    """A code: blanks around it do not count, nor does its case, which is made upper."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        folded = core_schema.str_schema(strip_whitespace=True, to_upper=True)
        return core_schema.chain_schema([folded, handler(source)])


# the last annotation comes first: the form is checked before anything is made of the text
Whole = Annotated[int, Field(ge=-(2**31), lt=2**31), _WHOLE]
Small = Annotated[int, Field(ge=-(2**15), lt=2**15), _WHOLE]
"""A SMALLINT, as most counts and short numbers are in the sample's own tables."""
Price = Annotated[Decimal, Written(r"^-?[0-9]{1,6}(\.[0-9]{1,2})?$")]
"""US dollars, with cents or without. Whatever has this form fits DECIMAL(8, 2): nothing is left to measure."""
Day = Annotated[date, Written("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
LocalTime = Annotated[datetime, Timestamp(utc=False), Written(f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}} {_TIME}")]
"""`2008-01-25 14:30:00`, on the clock of a venue."""
Instant = Annotated[LocalTime, AfterValidator(_utc)]
"""`2008-01-25 14:30:00`, on the marketplace's clock, which is taken as UTC."""
AmericanInstant = Annotated[
    datetime, Timestamp(utc=True), BeforeValidator(_american), Written(f"^[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}} {_TIME}")
]
"""`2/18/2008 02:36:48`, month first, likewise."""
Flag = Annotated[Literal["TRUE", "FALSE"], Folded()]
State = Annotated[str, ByteText(2), Folded()]
"""A state's or province's postal code."""
Short = Annotated[str, ByteText(10)]
Line = Annotated[str, ByteText(30)]


def truth(flag: Flag | None) -> bool | None:
    """What a flag says; None when nobody said."""
    return None if flag is None else flag == "TRUE"


def country_of(state: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of a state's or province's postal code; None when it is neither of the US nor of Canada.

    >>> country_of("BC"), country_of("TX"), country_of("ZZ")
    ('CA', 'US', None)
    """
    return _COUNTRY_OF.get(state) if state else None
