"""The name of the table that a crawler creates for a target.

Glue's rules: letters, digits and underscores only; at most 128 characters; if another table of the database has the
name, it gets a hash string as its suffix (https://docs.aws.amazon.com/glue/latest/dg/crawler-running.html).
Glue doesn't document the hash. We use the MD5 of the table's location, so that the next crawl finds its own table
again, whatever other crawlers do in between. A name belongs to the location that had it first.
"""

import hashlib
import re
from collections.abc import Mapping

_LONGEST = 128


def plain_name(prefix: str, uri: str) -> str:
    """The name of a target's table if no other table has it: prefix and last part of the path."""
    return re.sub(r"[^a-z0-9_]", "_", (prefix + uri.rstrip("/").rpartition("/")[2]).lower())[:_LONGEST]


def own_name(prefix: str, uri: str, locations: Mapping[str, str]) -> str:
    """The name of a target's table among the tables of its database.

    Args:
        prefix: the crawler's table prefix.
        uri: the target.
        locations: the data location of each table of the database; empty for a table without a location.
    """
    location = uri.rstrip("/")
    plain = plain_name(prefix, uri)
    suffix = "_" + hashlib.md5(location.encode(), usedforsecurity=False).hexdigest()
    hashed = plain[: _LONGEST - len(suffix)] + suffix
    if locations.get(hashed, "").rstrip("/") == location:
        return hashed
    if plain not in locations or locations[plain].rstrip("/") == location:
        return plain
    return hashed
