"""TICKIT, Amazon's public sample of a ticket resale: seven files at one location."""

from collections.abc import Mapping

from schemas.tickit import SOURCE as CONTRACT
from sources.files import FileSource

PUBLISHED_AT = "s3://redshift-downloads/tickit/"
"""Where Amazon publishes the files, in us-east-1."""

FILES: Mapping[str, str] = {
    "users": "allusers_pipe.txt",
    "venues": "venue_pipe.txt",
    "categories": "category_pipe.txt",
    "dates": "date2008_pipe.txt",
    "events": "allevents_pipe.txt",
    "listings": "listings_pipe.txt",
    "sales": "sales_tab.txt",
}
"""The published names, by entity."""

SOURCE = FileSource(CONTRACT, FILES, PUBLISHED_AT)
