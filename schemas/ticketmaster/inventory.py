"""What an event is by itself: the rules, as data.

The Discovery API lists parking, travel packages, suites and deposits as events, and the entries of archtics, the box
offices' own system, beside the listings that people buy from. Nothing is dropped. What one record says is decided
here; which listings are of the same show is decided where a whole day is seen, in the star's `shows` transform.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import time

SHOW = "show"

KINDS = {
    SHOW: "a show: an occasion that people buy a ticket for",
    "duplicate_listing": "another listing of a show that is listed already",
    "suite": "a suite, a loge or other premium seats of a show",
    "parking": "a parking space",
    "pass": "a pass: for guests, for a part of the house, for several days",
    "package": "a package: with a hotel, with goods, for several shows or people",
    "season": "a season or series: its tickets, memberships, licences",
    "deposit": "a deposit, a fee or another payment",
    "voucher": "a voucher, a rain check, a discount",
    "merchandise": "goods to take home",
    "transportation": "a ride",
    "add_on": "something else that is sold beside a show: a tailgate, a buffet, storage",
    "administrative": "an entry of the box office for itself: a test, a template, an away game",
}
"""What an event may be, the closed domain of `inventory_kind`, and what each means."""

REASONS = {
    "same_listing": "duplicate_listing",
    "same_attraction": "duplicate_listing",
    "like_a_show": "duplicate_listing",
    "beside_a_game": "add_on",
    "parking": "parking",
    "upsell": "add_on",
    "transportation": "transportation",
    "nonticket": "administrative",
    "merchandise": "merchandise",
    "donation": "deposit",
    "travel_package": "package",
    "storage": "add_on",
    "vip": "package",
    "suite": "suite",
    "season_pass": "season",
    "several_shows": "package",
    "several_days": "pass",
    "guest_pass": "pass",
    "deposit": "deposit",
    "voucher": "voucher",
    "membership": "season",
    "no_entry": "administrative",
    "placeholder": "administrative",
    "test": "administrative",
    "archtics_parking": "parking",
    "archtics_suite": "suite",
    "archtics_voucher": "voucher",
    "archtics_deposit": "deposit",
    "archtics_season": "season",
    "archtics_merchandise": "merchandise",
    "archtics_package": "package",
    "archtics_pass": "pass",
    "archtics_add_on": "add_on",
    "archtics_bookkeeping": "administrative",
    "archtics_venue_suite": "suite",
    "archtics_venue_parking": "parking",
    "archtics_venue_voucher": "voucher",
    "archtics_venue_deposit": "deposit",
    "archtics_venue_away": "administrative",
    "archtics_hour": "administrative",
}
"""The kind that each rule gives, by the rule's name: the closed domain of `non_show_reason`.

The first four look at several events together; the others at one. Those named archtics look at its entries only.
"""

SEVERAL_DAYS = "several_days"
"""The rule for tickets of several days: where a festival is listed in no other way, they are the show."""

ARCHTICS_PREFIX = "Za"
"""How ids of archtics, the box offices' own system, begin (all of the 577 recorded ones). Others begin so too."""

NON_SHOW_TYPES = {
    "Parking": "parking",
    "Upsell": "upsell",
    "Transportation": "transportation",
    "Nonticket": "nonticket",
    "Merchandise": "merchandise",
    "Donation": "donation",
}
"""Types of the primary classification that mean something other than a show."""

# A rule must name the thing that is sold, not a word that is found in titles: "The Nutcracker Suite", "Four Seasons"
# and "Parking Lot Party" are shows.
NON_SHOW_NAMES: tuple[tuple[str, str], ...] = (
    ("travel_package", r"\btravel packages?\b|\bticket \+ hotel\b"),
    ("transportation", r"^ride and dine\b|\bshuttle (?:bus|pass|ticket)\b"),
    ("parking", r"^(?:\w+ )?parking\s*(?:$|[-:(])|\bparking (?:pass|permit|space|only)\b|\bpark pass\b|\brv pass\b"),
    ("storage", r"\b(?:baggage|bag|luggage) storage\b|\blocker rental\b"),
    (
        "vip",
        r"\bvip (?:\w+ )?(?:packages?|upgrades?|experiences?|add[- ]?ons?|pass|passes)\b"
        r"|\b(?:packages?|upgrades?|add[- ]?ons?|meet (?:and|&) greet) only\b",
    ),
    (
        "suite",
        r"\(suites?\)|^suites?\s*[-:]|[-|]\s*(?:\w+ )?suites?\s*(?:$|[/(])"
        r"|\bsuite (?:pass|service|rental|lease|deposit|fee|food)|\(premium (?:spaces|seating|seats|suites)\)",
    ),
    (
        "season_pass",
        r"\bseason (?:pass|passes|tickets?|id|share)\b|\b\d{2,4}-\d{2,4}\b.*\b(?:season|series)\b"
        r"|\b(?:season|series)\b.*\b\d{4}-\d{2,4}\b|\bmini plan\b",
    ),
    ("several_shows", r"\b\d+[- ](?:film|show|game|concert|play) (?:packages?|packs?|plans?|passes|pass)\b"),
    ("several_days", r"\b(?:festival|weekend|week-end|\d+[- ]?day) (?:pass|passes|tickets?|wristbands?)\b"),
    (
        "guest_pass",
        r"\bguest pass(?:es)?\b|\b(?:pre|post)-?game\b.*\bpass\b|\b(?:sponsor|dance|edm) pass\b|\bpass \d{4}\b",
    ),
    ("deposit", r"\b(?:deposit|deposits|season payment)$|\bgroup deposit\b"),
    ("voucher", r"\bvouchers?\b|\bgift card\b|\brain ?check\b|\bdiscount card\b"),
    ("merchandise", r"\bt-shirt\b|\bmerch(?:andise)? (?:bundle|pack|pick ?up)\b"),
    ("membership", r"\bmembership (?:registration|renewal|fee)\b"),
    ("no_entry", r"\bno entry\b|\bnot a (?:game |concert |show )?ticket\b"),
    ("placeholder", r"^(?:test|template event|base event|season test)$"),
)
"""Reason and pattern over the name (case does not matter); the one that matches furthest left counts."""

WORDS = (
    *("package", "hotel", "ride and dine", "shuttle", "park", "pass", "storage", "locker", "suite", "season"),
    *("series", "mini plan", "guest", "deposit", "payment", "voucher", "gift card", "rain", "card", "shirt", "merch"),
    *("member", "entry", "ticket", "test", "event", "vip", "upgrade", "add", "premium", "pack", "plan", "band", "only"),
)
"""Words of which each pattern needs one: most names hold none, and a look for them costs a tenth of the patterns."""

# Here the name of a thing is enough: archtics keeps the inventory of a house, and few of its entries are sold as shows.
ARCHTICS_NAMES: tuple[tuple[str, str], ...] = (
    ("archtics_parking", r"\bparking\b|\bparking lots?\b|\bmulti park\b"),
    ("archtics_suite", r"(?<!nutcracker )\bsuites?\b|\bloges?\b|\bluxury\b|\bpremium\b|\brental\b"),
    (
        "archtics_voucher",
        r"\bvouchers?\b|\brain ?checks?\b|\bcoupons?\b|\bcredits?$|\bdiscounts?\b|\bbenefits card\b|\w(?:cash|bucks)$"
        r"|\bdollars$",
    ),
    (
        "archtics_deposit",
        r"\bdep\w?o\w?s\w*t\w*\b|\bpayments?\b|\bfees?\b|\bfee's\b|\bhandling\b|\blease\b|\bcontributions?\b|\bdonations?\b"
        r"|\bdues\b",
    ),
    (
        "archtics_season",
        r"\b(?:half|full|mini|club|card|plan|season|share)\b.*\bid\b|\bseason\b(?!['\u2019]s)(?!.*\bvs?\b)|\blicen[cs]es?\b"
        r"|\bmember(?:ship)?\b|\bstm\b|\bshare add",
    ),
    (
        "archtics_merchandise",
        r"\b(?:shirts?|caps?|tote|totes|bags?|bottles?|tumblers?|wands?|cookies?|jerseys?|wristbands?|bobbleheads?"
        r"|blankets?|scarf|scarves|posters?|grill set)\b|\bgifts?(?: pick ?up)?$|\bprogram$",
    ),
    (
        "archtics_package",
        r"\bpackages?\b|\b(?:four|six|family|holiday|value|flex|group|day|\d+)[- ]?packs?\b|\bcombo\b|\bbundles?\b"
        r"|\bflex tickets?\b|\bgroup tickets?\b|\bvip\b",
    ),
    ("archtics_pass", r"\bpass(?:es)?\b|\bguests?\b|\bcredentials?\b"),
    (
        "archtics_add_on",
        r"\badd[- ]?ons?\b|\btailgates?\b|\b(?:pre|post)[- ]?game\b|\bcabanas?\b|\bbuffet\b|\bmeals?\b|\bfood\b"
        r"|\bcatering\b|\bchild ?care\b|\bupgrades?\b|\bfan experience\b|\bpresale\b",
    ),
    (
        "archtics_bookkeeping",
        r"\btest\b(?! match)|\btemplate\b|\b(?:base|box|ys|card|rofr) event\b|\brofr\b|\breclass\b"
        r"|\b(?:road|away) games?\b|\bcontracts?\b|\bclient list\b|\benroll\b|\bmisc(?:ellaneous)?\b|\bstaff(?:ing)?\b"
        r"|\bhousekeeping\b|\bvendor\b|\bbudget\b|\bvs\.? tbd\b|\bsetup\b|\brefer a friend\b",
    ),
)
"""The same for entries of archtics, after the rules above."""

ARCHTICS_VENUES: tuple[tuple[str, str], ...] = (
    ("archtics_venue_suite", r"\bsuites?\b|\bpremium seating\b"),
    ("archtics_venue_parking", r"\bparking\b"),
    ("archtics_venue_voucher", r"\bvouchers?\b"),
    ("archtics_venue_deposit", r"\bdeposits?\b|\bno (?:event )?entry\b"),
    ("archtics_venue_away", r"\baway games?\b|\broad games?\b|\bvisiting teams?\b"),
)
"""Reason and pattern over the name of archtics' venue, which is often no place but a part of its inventory."""

LATEST_START, EARLIEST_START = time(23, 30), time(6, 0)
"""An entry of archtics between these, at night, has a placeholder for a time: no doors open then."""

_NAMES = re.compile("|".join(f"(?P<{reason}>{pattern})" for reason, pattern in NON_SHOW_NAMES), re.IGNORECASE)
_ARCHTICS_NAMES = re.compile("|".join(f"(?P<{reason}>{pattern})" for reason, pattern in ARCHTICS_NAMES), re.IGNORECASE)
_ARCHTICS_VENUES = re.compile(
    "|".join(f"(?P<{reason}>{pattern})" for reason, pattern in ARCHTICS_VENUES), re.IGNORECASE
)
_GAME = re.compile(r"\w[\w.)'\u2019]*\s+(?:vs?\.?|versus|@)\s*\w", re.IGNORECASE)

MOST_WORDS, LONGEST_WORD = 24, 40
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'`\u2019\u00b4")
_IDLE_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "de",
        "feat",
        "featuring",
        "for",
        "from",
        "ft",
        "in",
        "la",
        "le",
        "live",
        "of",
        "on",
        "or",
        "presents",
        "the",
        "to",
        "v",
        "versus",
        "vs",
        "w",
        "with",
        "access",
        "add",
        "addon",
        "club",
        "entry",
        "fee",
        "food",
        "game",
        "guest",
        "guests",
        "lease",
        "level",
        "lot",
        "lots",
        "loge",
        "lounge",
        "luxury",
        "only",
        "package",
        "packages",
        "parking",
        "pass",
        "passes",
        "post",
        "postgame",
        "pre",
        "pregame",
        "premium",
        "seating",
        "service",
        "single",
        "space",
        "spaces",
        "suite",
        "suites",
        "tailgate",
        "ticket",
        "tickets",
        "upgrade",
        "vip",
        "voucher",
        "vouchers",
    ]
)
"""Words that say nothing of which show it is: those that join others, and those that name what is sold beside it."""


def is_archtics(event_id: str, url: str | None) -> bool:
    """Whether an event comes from archtics: by the family of its id, and because no page sells it."""
    return url is None and event_id.startswith(ARCHTICS_PREFIX)


def is_game(name: str | None) -> bool:
    """Whether a name sets two sides against each other.

    >>> is_game("Titans vs. Texans"), is_game("The Nutcracker Suite")
    (True, False)
    """
    return name is not None and _GAME.search(name) is not None


def non_show_reason(name: str | None, primary_type: str | None) -> str | None:
    """Why an event is no show by its name and type, wherever it comes from; None when neither says so.

    >>> non_show_reason("Suite Rental: Hamilton", None)
    'suite'
    >>> non_show_reason("The Nutcracker Suite", None) is None
    True

    Args:
        name: the event's name.
        primary_type: name of the type of its primary classification.
    """
    if primary_type in NON_SHOW_TYPES:
        return NON_SHOW_TYPES[primary_type]
    if not name:
        return None
    lowered = name.lower()
    for word in WORDS:
        if word in lowered:
            match = _NAMES.search(name)
            return match.lastgroup if match else None
    return None


def archtics_reason(name: str | None, venue: str | None, start: time | None) -> str | None:
    """Why an entry of archtics is no show; None when nothing says so.

    Args:
        name: the event's name.
        venue: name of the venue, when it came with the event.
        start: local start; None when it is not known.
    """
    match = _ARCHTICS_NAMES.search(name or "") or _ARCHTICS_VENUES.search(venue or "")
    if match:
        return match.lastgroup
    if start is not None and not EARLIEST_START <= start < LATEST_START and not is_game(name):
        return "archtics_hour"
    return None


def show_words(name: str | None, attractions: Iterable[str | None] = ()) -> str | None:
    """The words that say which show an event is of, each once, in lower case and without accents.

    Left out are words that join others ("the", "vs") and words that name what is sold beside a show ("suite", "pass").

    >>> show_words("The Titans vs. Beyoncé - Suite")
    'titans beyonce'

    Args:
        name: the event's name.
        attractions: names of its attractions, which speak for it when the name holds no such word.

    Returns:
        The words, separated by blanks; None when there is none.
    """
    words = _words(name) or _words(" ".join(filter(None, attractions)))
    return " ".join(words[:MOST_WORDS]) or None


def _words(text: str | None) -> list[str]:
    if not text:
        return []
    plain = text if text.isascii() else _without_accents(text)
    found = dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(plain.translate(_APOSTROPHES).lower()))
    return [word for word in found if word not in _IDLE_WORDS]


def _without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
