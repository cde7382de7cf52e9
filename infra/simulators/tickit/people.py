"""The users: made-up names, addresses of domains that can't exist, unassigned phone numbers."""

from __future__ import annotations

from collections.abc import Iterator

from ..discovery import wording
from ..discovery.dice import Weighted, chance
from ..discovery.geography import ascii_name, business

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_USERNAMES = 26**6 * 100
_STRIDE = 7_368_787_411  # has no factor in common with _USERNAMES, so that no two users share a name
_LIKES = ("TRUE", "FALSE", "")
_NUMBER_OF_LIKES = 10
_PLACES = Weighted(*zip(*business(), strict=True))
_CITIES = tuple(ascii_name(city) for city in _PLACES.items)
_STATES = tuple(sorted({city.state_code for city in _PLACES.items}))


def user_lines(seed: int, count: int, quirks: bool = False) -> Iterator[str]:
    """The lines of the user file, numbered from 1.

    Args:
        seed: the seed.
        count: the number of users.
        quirks: draw city and state separately, so that they seldom match, and phone numbers anywhere.
    """
    dice = chance(seed, "users")
    for number in range(1, count + 1):
        first_name, last_name = wording.person(dice)
        email = f"{first_name}.{last_name}{number % 89}@{wording.mail_domain(dice)}.example".lower()
        likes = "|".join(dice.choices(_LIKES, k=_NUMBER_OF_LIKES))
        home = _PLACES.pick(dice)
        place, area = f"{ascii_name(home)}|{home.state_code}", home.area
        if quirks:
            place, area = f"{dice.choice(_CITIES)}|{dice.choice(_STATES)}", str(dice.randrange(200, 1000))
        # 555-0100 to 555-0199 are reserved for fiction
        phone = f"({area}) 555-01{dice.randrange(100):02d}"
        yield f"{number}|{_username(seed, number)}|{first_name}|{last_name}|{place}|{email}|{phone}|{likes}"


def _username(seed: int, number: int) -> str:
    """Three letters, two digits, three letters."""
    rest = (seed + number * _STRIDE) % _USERNAMES
    rest, digits = divmod(rest, 100)
    letters = ""
    for _ in range(6):
        rest, place = divmod(rest, 26)
        letters += _LETTERS[place]
    return f"{letters[:3]}{digits:02d}{letters[3:]}"
