"""Glue job: one day of curated TICKIT tables to the staged tables of its star, and those into Redshift."""

from __future__ import annotations

import sys

from glue_jobs import glue_args, star_job
from glue_jobs.session import spark_session
from glue_jobs.transforms.tickit import star

STAR = star_job.Star("tickit", star.OWN_ENTITY, star.USED_OFTEN, star.star)


def main() -> None:
    """Run the job on the arguments that Glue passes; an exception ends the process and becomes the run's error."""
    star_job.log_to_stdout()
    arguments = glue_args.parse(sys.argv[1:])
    with spark_session("tickit_star") as spark:
        star_job.run(STAR, arguments, spark)


if __name__ == "__main__":
    main()
