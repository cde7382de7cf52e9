"""Listings and their sales: prices in whole dollars, and no ticket sold twice, too early or too late."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ..discovery.dice import chance
from .calendar import date_id
from .programme import Event

_BLOCK = 1_000
_MOST_TICKETS = 30
_MOST_TICKETS_A_SALE = 8
_CHEAPEST = 20
_DEAREST = {6: 900, 7: 450, 8: 700, 9: 1_500}
"""The highest price of a ticket by category, in dollars. The average is a seventh of it: most tickets are cheap."""
_CONCENTRATION = 1.4
"""1 gives all users as many listings. With more, some sell tickets for a living."""
_USER_STEP = 7_919
_LONGEST_AHEAD = 120
"""The maximum number of days before the event that a listing may appear."""
_DAY = 86_400
_NOON = 43_200
_TWO = 50_400
"""The first day of the year has no day before the event: tickets are listed by noon and sold by two."""
_TIMES = tuple(f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}" for second in range(_DAY))


class Volume(NamedTuple):
    """The number of listings and sales."""

    users: int
    listings: int
    sales: int


class _Listing(NamedTuple):
    """Tickets on offer. Days are positions among the days of the year; `last` is the last day to buy."""

    number: int
    seller: int
    event: Event
    day: int
    second: int
    last: int
    tickets: int
    price: int

    def line(self, iso_days: Sequence[str]) -> str:
        return (
            f"{self.number}|{self.seller}|{self.event.number}|{date_id(self.day)}|{self.tickets}"
            f"|{self.price}.00|{self.tickets * self.price}.00|{iso_days[self.day]} {_TIMES[self.second]}\n"
        )


def blocks(seed: int, events: Sequence[Event], volume: Volume, days: Sequence[date]) -> Iterator[tuple[str, str]]:
    """The text of the listing file and of the sales file, block by block. `days` are the numbered ones."""
    market = _Market(chance(seed, "trade"), events, volume.users, days)
    for begin in range(0, volume.listings, _BLOCK):
        end = min(begin + _BLOCK, volume.listings)
        sales = volume.sales * end // volume.listings - volume.sales * begin // volume.listings
        yield market.trade(end - begin, sales)


class _Market:
    """Creates listings and sales in the order of their numbers, which have gaps."""

    def __init__(self, dice: random.Random, events: Sequence[Event], users: int, days: Sequence[date]) -> None:
        self._iso_days = tuple(map(str, days))
        self._american_days = tuple(f"{day.month}/{day.day}/{day.year}" for day in days)
        self._random = dice.random
        self._events = events
        self._users = users
        self._listing = self._sale = 0

    def trade(self, listings: int, sales: int) -> tuple[str, str]:
        """The lines of a number of listings and of a number of sales from them."""
        draw = self._random
        sales_of = Counter(int(draw() * listings) for _ in range(sales))
        listing_lines: list[str] = []
        sale_lines: list[str] = []
        for place in range(listings):
            listing = self._list(least=sales_of[place])
            listing_lines.append(listing.line(self._iso_days))
            sale_lines += self._sell(listing, sales_of[place])
        return "".join(listing_lines), "".join(sale_lines)

    def _list(self, least: int) -> _Listing:
        """The next listing, with at least so many tickets."""
        draw = self._random
        self._listing += 1 if draw() < 0.8 else 2
        event = self._events[int(draw() * len(self._events))]
        last = max(event.day - 1, 0)
        return _Listing(
            number=self._listing,
            seller=1 + int(draw() ** _CONCENTRATION * self._users) * _USER_STEP % self._users,
            event=event,
            day=max(last - int(draw() * draw() * _LONGEST_AHEAD), 0),
            second=int(draw() * (_DAY if event.day else _NOON)),
            last=last,
            tickets=max(least, 1 + int(draw() * _MOST_TICKETS)),
            price=_CHEAPEST + int(draw() ** 6 * (_DEAREST[event.category] - _CHEAPEST + 1)),
        )

    def _sell(self, listing: _Listing, sales: int) -> Iterator[str]:
        """The lines of a number of sales from a listing."""
        draw = self._random
        spare = listing.tickets - sales
        for _ in range(sales):
            quantity = 1 + min(int(draw() * (spare + 1)), _MOST_TICKETS_A_SALE - 1)
            spare -= quantity - 1
            day = listing.day + int(draw() * (listing.last - listing.day + 1))
            opens = listing.second if day == listing.day else 0
            closes = _DAY if listing.event.day else _TWO
            yield self._sale_line(listing, day, opens + int(draw() * (closes - opens)), quantity)

    def _sale_line(self, listing: _Listing, day: int, second: int, quantity: int) -> str:
        """The line of the next sale. No one buys from themselves."""
        draw = self._random
        self._sale += 1 if draw() < 0.98 else 2
        buyer = (listing.seller + int(draw() * (self._users - 1))) % self._users + 1
        paid = quantity * listing.price
        cents = paid * 15
        return (
            f"{self._sale}\t{listing.number}\t{listing.seller}\t{buyer}\t{listing.event.number}\t{date_id(day)}"
            f"\t{quantity}\t{paid}.00\t{cents // 100}.{cents % 100:02d}\t{self._american_days[day]} {_TIMES[second]}\n"
        )
