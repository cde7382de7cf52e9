"""What among the events is no show: the rules, as data.

The Discovery API lists parking, travel packages, suites and deposits as events. They are flagged, not dropped: who
counts shows filters on `is_show`, who counts inventory does not.
"""

from __future__ import annotations

import re

ARCHTICS_PREFIX = "Za"
"""Ids of events that come from archtics, the box offices' own system (577 of 577 recorded ones)."""

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
        "suite",
        r"\(suites?\)|^suites?\s*[-:]|[-|]\s*(?:\w+ )?suites?\s*(?:$|[/(])"
        r"|\bsuite (?:pass|service|rental|lease|deposit|fee|food)",
    ),
    ("season_pass", r"\bseason (?:pass|passes|tickets?|id|share)\b|\b\d{2,4}-\d{2,4}\b.*\bseason\b|\bmini plan\b"),
    ("guest_pass", r"\bguest pass(?:es)?\b|\b(?:pre|post)-?game\b.*\bpass\b|\bsponsor pass\b"),
    ("deposit", r"\b(?:deposit|deposits|season payment)$|\bgroup deposit\b"),
    ("voucher", r"\bvouchers?\b|\bgift card\b|\brain ?check\b|\bdiscount card\b"),
    ("merchandise", r"\bt-shirt\b|\bmerch(?:andise)? (?:bundle|pack|pick ?up)\b"),
    ("membership", r"\bmembership (?:registration|renewal|fee)\b"),
    ("no_entry", r"\bno entry\b|\bnot a (?:game |concert |show )?ticket\b"),
    ("placeholder", r"^(?:test|template event|base event|season test)$"),
)
"""Reason and pattern over the name (case does not matter); the one that matches furthest left counts."""

WORDS = (
    *(
        "package",
        "hotel",
        "ride and dine",
        "shuttle",
        "park",
        "pass",
        "storage",
        "locker",
        "suite",
        "season",
        "mini plan",
    ),
    *("guest", "deposit", "payment", "voucher", "gift card", "rain", "card", "shirt", "merch", "member", "entry"),
    *("ticket", "test", "event"),
)
"""Words of which each pattern needs one: most names hold none, and a look for them costs a tenth of the patterns."""

_NAMES = re.compile("|".join(f"(?P<{reason}>{pattern})" for reason, pattern in NON_SHOW_NAMES), re.IGNORECASE)


def is_archtics(event_id: str) -> bool:
    """Whether an event comes from archtics."""
    return event_id.startswith(ARCHTICS_PREFIX)


def non_show_reason(name: str | None, primary_type: str | None) -> str | None:
    """Why an event is no show; None when it is one.

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
