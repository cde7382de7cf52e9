"""Glue job: one day of curated TICKIT tables to the staged tables of its star, and those into Redshift."""

from glue_jobs import star_job
from glue_jobs.transforms.tickit import star

STAR = star_job.Star("tickit", star.OWN_ENTITY, star.USED_OFTEN, star.star)

if __name__ == "__main__":
    star_job.main(STAR)
