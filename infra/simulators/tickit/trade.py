"""Listings and the sales from them: prices in whole dollars, and no ticket sold twice, too early or too late."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from infra.simulators.discovery.dice import chance
from infra.simulators.tickit.calendar import DAYS, date_id
from infra.simulators.tickit.programme import Event

_BLOCK = 1_000
_MOST_TICKETS = 30
_MOST_TICKETS_A_SALE = 8
_CHEAPEST, _DEAREST = 20, 2_500
_LONGEST_AHEAD = 120
"""Days before the event that a listing may appear."""
_DAY = 86_400
_NOON, _TWO = 43_200, 50_400
"""On the first day of the year there is no day before the event: tickets are listed by noon and sold by two."""
_TIMES = tuple(f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}" for second in range(_DAY))
_ISO_DAYS = tuple(map(str, DAYS))
_AMERICAN_DAYS = tuple(f"{day.month}/{day.day}/{day.year}" for day in DAYS)


class Volume(NamedTuple):
    """How much is traded."""

    users: int
    listings: int
    sales: int


def blocks(seed: int, events: Sequence[Event], volume: Volume) -> Iterator[tuple[str, str]]:
    """The text of the listing file and of the sales file, block by block."""
    market = _Market(chance(seed, "trade"), events, volume.users)
    for begin in range(0, volume.listings, _BLOCK):
        end = min(begin + _BLOCK, volume.listings)
        sales = volume.sales * end // volume.listings - volume.sales * begin // volume.listings
        yield market.trade(end - begin, sales)


class _Market:
    """Makes listings and sales in the order of their numbers, which have gaps."""

    def __init__(self, dice: random.Random, events: Sequence[Event], users: int) -> None:
        self._random = dice.random
        self._events, self._users = events, users
        self._listing = self._sale = 0

    def trade(self, listings: int, sales: int) -> tuple[str, str]:
        """The lines of so many listings and of so many sales from them."""
        draw = self._random
        sales_of = Counter(int(draw() * listings) for _ in range(sales))
        listing_lines: list[str] = []
        sale_lines: list[str] = []
        for place in range(listings):
            self._list(sales_of[place], listing_lines, sale_lines)
        return "".join(listing_lines), "".join(sale_lines)

    def _list(self, sales: int, listing_lines: list[str], sale_lines: list[str]) -> None:
        """One listing with its sales."""
        draw = self._random
        self._listing += 1 if draw() < 0.8 else 2
        event = self._events[int(draw() * len(self._events))]
        seller = 1 + int(draw() * self._users)
        last = max(event.day - 1, 0)
        day = max(last - int(draw() * draw() * _LONGEST_AHEAD), 0)
        second = int(draw() * (_DAY if event.day else _NOON))
        tickets = max(sales, 1 + int(draw() * _MOST_TICKETS))
        price = _CHEAPEST + int(draw() ** 6 * (_DEAREST - _CHEAPEST + 1))
        listing_lines.append(
            f"{self._listing}|{seller}|{event.number}|{date_id(day)}|{tickets}|{price}.00|{tickets * price}.00"
            f"|{_ISO_DAYS[day]} {_TIMES[second]}\n"
        )
        spare = tickets - sales
        for _ in range(sales):
            quantity = 1 + min(int(draw() * (spare + 1)), _MOST_TICKETS_A_SALE - 1)
            spare -= quantity - 1
            sold = day + int(draw() * (last - day + 1))
            at = self._second(second if sold == day else 0, _DAY if event.day else _TWO)
            sale_lines.append(self._sold(f"{self._listing}\t{seller}", seller, event, sold, at, quantity, price))

    def _second(self, earliest: int, end: int) -> int:
        return earliest + int(self._random() * (end - earliest))

    def _sold(self, listing: str, seller: int, event: Event, day: int, second: int, quantity: int, price: int) -> str:
        """The line of one sale; nobody buys from themselves."""
        draw = self._random
        self._sale += 1 if draw() < 0.98 else 2
        buyer = (seller + int(draw() * (self._users - 1))) % self._users + 1
        paid = quantity * price
        cents = paid * 15
        return (
            f"{self._sale}\t{listing}\t{buyer}\t{event.number}\t{date_id(day)}\t{quantity}\t{paid}.00"
            f"\t{cents // 100}.{cents % 100:02d}\t{_AMERICAN_DAYS[day]} {_TIMES[second]}\n"
        )
