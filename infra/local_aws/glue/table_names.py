"""What a crawler calls the table of a target.

Glue's rules: letters, digits and underscores only; at most 128 characters; a name that another table of the database
has gets a hash string as its suffix (https://docs.aws.amazon.com/glue/latest/dg/crawler-running.html).
What Glue does not publish, and is decided here: the hash is the MD5 of the table's location, so that the next crawl
finds its own table again, whatever other crawlers do meanwhile. A name belongs to the location that had it first.
"""

import hashlib
import re
from collections.abc import Mapping

_LONGEST = 128


def plain_name(prefix: str, uri: str) -> str:
    """The name of a target's table when no other table has it: prefix and last part of the path."""
    return re.sub(r"[^a-z0-9_]", "_", (prefix + uri.rstrip("/").rpartition("/")[2]).lower())[:_LONGEST]


def own_name(prefix: str, uri: str, locations: Mapping[str, str]) -> str:
    """The name of a target's table among the tables of its database.

    Args:
        prefix: the crawler's table prefix.
        uri: the target.
        locations: where the data of each table of the database is; empty for a table without a location.
    """
    location, plain = uri.rstrip("/"), plain_name(prefix, uri)
    suffix = "_" + hashlib.md5(location.encode(), usedforsecurity=False).hexdigest()
    hashed = plain[: _LONGEST - len(suffix)] + suffix
    if locations.get(hashed, "").rstrip("/") == location:
        return hashed
    if plain not in locations or locations[plain].rstrip("/") == location:
        return plain
    return hashed
