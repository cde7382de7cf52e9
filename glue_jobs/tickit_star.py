"""Glue job: one day of curated TICKIT tables to the staged tables of its star, and those into Redshift."""

from glue_jobs import star_job
from glue_jobs.transforms.tickit.star import star
from warehouse.tickit import STAR

JOB = star_job.StarJob(STAR, star, own_entity={"user_contacts": "users"}, used_often=("dates",))

if __name__ == "__main__":
    star_job.main(JOB)
