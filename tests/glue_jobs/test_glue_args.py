"""The arguments of a job, as Glue passes them."""

from __future__ import annotations

from datetime import date

import pytest

from aws_services import resources
from glue_jobs.glue_args import InvalidArguments, parse

GLUES_OWN = ["--JOB_NAME", "star", "--JOB_RUN_ID", "jr_1", "--TempDir", "s3://tmp/", "--enable-metrics", "true"]


def test_a_run_id_is_enough_and_what_glue_adds_is_ignored():
    arguments = parse([*GLUES_OWN, "--run_id", "ticketmaster_daily-2026-11-20-2", "--unheard-of=1"])
    assert (arguments.run.business_date, arguments.run.observation) == (date(2026, 11, 20), 2)
    assert arguments.lake_bucket == resources.LAKE_BUCKET
    assert arguments.workgroup == resources.WORKGROUP
    assert arguments.copy_role == resources.COPY_ROLE_ARN


def test_names_of_resources_can_be_given():
    options = ["--lake_bucket", "b", "--workgroup=w", "--database", "d", "--copy_role", "r"]
    arguments = parse(["--run_id", "ticketmaster_daily-2026-11-20", "--business_date", "2026-11-20", *options])
    assert (arguments.lake_bucket, arguments.workgroup, arguments.database, arguments.copy_role) == ("b", "w", "d", "r")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--run_id"),
        (["--run_id"], "--run_id"),
        (["--run_id", "yesterday"], "'yesterday' is not a run id"),
        (["--run_id", "ticketmaster_daily-2026-02-30"], "--run_id"),
        (["--run_id", "ticketmaster_daily-2026-11-20", "--business_date", "soon"], "--business_date"),
        (["--run_id", "ticketmaster_daily-2026-11-20", "--business_date", "2026-11-21"], "2026-11-21 is not the date"),
    ],
)
def test_a_wrong_argument_is_named(arguments, words):
    with pytest.raises(InvalidArguments, match=words):
        parse(arguments)
