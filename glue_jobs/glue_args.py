"""The arguments of a job, parsed in the same way in Glue and on a laptop.

Glue passes arguments to a script as `--name value`, together with its own (`--JOB_NAME`, `--TempDir`, …).
`awsglue.utils.getResolvedOptions` selects the known ones with argparse. This module does the same without that library,
and supports optional arguments, which that function doesn't.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from aws_services import resources
from lake.layout import RunId


class InvalidArguments(ValueError):
    """An argument of the job is missing or wrong, as the message explains."""


@dataclass(frozen=True, slots=True)
class JobArguments:
    """The arguments of a job's run.

    Attributes:
        run: the run whose curated data becomes the star; its business date is the observed day.
        lake_bucket: name of the lake bucket.
        workgroup: Redshift Serverless workgroup.
        database: database in it.
        copy_role: ARN of the role that COPY assumes to read the staged files.
    """

    run: RunId
    lake_bucket: str
    workgroup: str
    database: str
    copy_role: str


def parse(arguments: Sequence[str]) -> JobArguments:
    """Read a job's command line.

    Args:
        arguments: as in `sys.argv[1:]`. Unknown ones are ignored: Glue adds its own.

    Raises:
        InvalidArguments: `--run_id` is missing or invalid, or `--business_date` is not that run's date.
    """
    parser = _Parser(allow_abbrev=False, add_help=False)
    parser.add_argument("--run_id", required=True)
    parser.add_argument("--business_date")
    parser.add_argument("--lake_bucket", default=resources.LAKE_BUCKET)
    parser.add_argument("--workgroup", default=resources.WORKGROUP)
    parser.add_argument("--database", default=resources.WAREHOUSE_DATABASE)
    parser.add_argument("--copy_role", default=resources.COPY_ROLE_ARN)
    known, _ = parser.parse_known_args(list(arguments))
    return JobArguments(
        _run(known.run_id, known.business_date), known.lake_bucket, known.workgroup, known.database, known.copy_role
    )


class _Parser(argparse.ArgumentParser):
    """argparse that raises instead of ending the process: Glue shows the last exception, not the usage."""

    def error(self, message: str) -> NoReturn:
        raise InvalidArguments(message)


def _run(run_id: str, business_date: str | None) -> RunId:
    try:
        run = RunId.parse(run_id)
        day = date.fromisoformat(business_date) if business_date else run.business_date
    except ValueError as error:
        raise InvalidArguments(f"--run_id or --business_date: {error}") from error
    if day != run.business_date:
        raise InvalidArguments(f"--business_date {day} is not the date of --run_id {run}")
    return run
