"""Glue job: one day of curated Ticketmaster tables to the staged tables of its star, and those into Redshift."""

from glue_jobs import star_job
from glue_jobs.transforms.ticketmaster.star import star
from warehouse.ticketmaster import STAR

JOB = star_job.StarJob(
    STAR,
    star,
    own_entity={
        "genres": "classifications",
        "subgenres": "classifications",
        "subtypes": "classifications",
        "markets": "venues",
        "venue_markets": "venues",
        "event_venues": "events",
        "event_attractions": "events",
        "event_classifications": "events",
        "event_price_ranges": "events",
        "event_presales": "events",
    },
    used_often=("attractions", "markets", "venue_markets", "event_attractions", "event_classifications"),
)

if __name__ == "__main__":
    star_job.main(JOB)
