"""When a validation fails: at the threshold the run goes on, one record beyond it the run stops."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lake import drift
from lake.curated import WrittenFile
from lake.drift import Sighting
from lake.quarantine import QuarantineFile
from lake.report import TooManyRejects, ValidationReport


def report(*, rejected: int = 0, discarded: int = 0, of: int) -> ValidationReport:
    """A report on records. Some were rejected, or had their name discarded; 5 % and 20 % are accepted."""
    sales_report = ValidationReport("tickets", "sales", "v1", reject_threshold=0.05, discard_threshold=0.2)
    sales_report.raw_records, sales_report.quarantined_records, sales_report.curated_records = (
        of,
        rejected,
        of - rejected,
    )
    sales_report.quarantined_by_reason = {"missing at $.id": rejected}
    sales_report.first_quarantined = {"missing at $.id": "record 7 of s3://lake/raw/p0.json.gz"}
    if discarded:
        name = Sighting(discarded, "s3://lake/raw/p1.json.gz", 3, "should be a valid string")
        sales_report.drift = {"discarded": {"$.name": name}}
    return sales_report


@pytest.mark.parametrize(("rejected", "of"), [(5, 100), (1, 20), (0, 1), (0, 0)])
def test_as_many_rejects_as_are_accepted_do_not_stop_a_run(rejected: int, of: int) -> None:
    report(rejected=rejected, of=of).check()


@pytest.mark.parametrize(("rejected", "of"), [(6, 100), (1, 19), (1, 1)])
def test_one_more_does_and_the_message_says_how_many_and_where(rejected: int, of: int) -> None:
    with pytest.raises(TooManyRejects) as stopped:
        report(rejected=rejected, of=of).check("s3://lake/quarantine/tickets/")
    message = str(stopped.value)
    assert message.startswith(f"tickets sales: {rejected} of {of} records")
    for part in (
        "more than the 5.0% that are accepted",
        f"mostly: {rejected} x missing at $.id (first: record 7 of s3://lake/raw/p0.json.gz)",
        "in s3://lake/quarantine/tickets/",
        f"the {of - rejected} valid ones",
        "./boxoffice replay tickets --date DAY",
    ):
        assert part in message
    assert stopped.value.report.raw_records == of


def test_the_three_commonest_reasons_are_named_commonest_first() -> None:
    sales_report = report(rejected=10, of=20)
    sales_report.quarantined_by_reason = {"c": 1, "b": 5, "d": 1, "a": 3}
    with pytest.raises(TooManyRejects, match=r"mostly: 5 x b; 3 x a; 1 x c\. "):
        sales_report.check()


@pytest.mark.parametrize(("discarded", "of"), [(200, 1000), (99, 99), (100, 500)])
def test_a_field_set_aside_as_often_as_is_accepted_or_in_few_records_does_not_stop_a_run(
    discarded: int, of: int
) -> None:
    report(discarded=discarded, of=of).check()


@pytest.mark.parametrize(("discarded", "of"), [(201, 1000), (100, 499), (100, 100)])
def test_a_field_set_aside_more_often_does(discarded: int, of: int) -> None:
    with pytest.raises(TooManyRejects) as stopped:
        report(discarded=discarded, of=of).check()
    message = str(stopped.value)
    for part in (
        f"the value of $.name was discarded in {discarded} of {of} records, more than the 20%",
        "First: record 3 of s3://lake/raw/p1.json.gz (should be a valid string)",
    ):
        assert part in message


@pytest.mark.parametrize(("curated", "quarantined", "duplicates"), [(7, 2, 1), (10, 0, 0)])
def test_a_report_balances_when_every_record_is_a_row_a_reject_or_a_duplicate(
    curated: int, quarantined: int, duplicates: int
) -> None:
    sales_report = report(of=10)
    sales_report.curated_records, sales_report.quarantined_records, sales_report.duplicate_records = (
        curated,
        quarantined,
        duplicates,
    )
    assert sales_report.is_balanced
    sales_report.duplicate_records += 1
    assert not sales_report.is_balanced
    sales_report.duplicate_records -= 2
    assert not sales_report.is_balanced


def test_a_new_report_counts_nothing_and_balances() -> None:
    new = ValidationReport("tickets", "sales", "v1", 0.05, 0.2)
    counts = {name: value for name, value in new.as_dict().items() if name.endswith("_records") or name == "objects"}
    assert set(counts.values()) == {0}
    assert (new.records_with_discards, new.reject_share, new.is_balanced) == (0, 0.0, True)


def test_as_json_it_has_its_share_of_rejects() -> None:
    content = report(rejected=1, of=4).as_dict()
    assert (content["reject_share"], content["is_balanced"], content["files"]) == (0.25, True, [])


def test_the_files_that_were_written_are_in_the_json_by_name() -> None:
    sales_report = report(of=1)
    sales_report.files = [WrittenFile("sales", 0, Path("out/0000.parquet"), 1, 100)]
    sales_report.quarantine_files = [QuarantineFile(0, Path("out/0000.jsonl.gz"), 1, 100)]
    content = json.loads(json.dumps(sales_report.as_dict()))
    assert content["files"][0]["path"] == "out/0000.parquet"
    assert content["quarantine_files"][0]["path"] == "out/0000.jsonl.gz"


def test_discards_and_unknown_fields_are_kinds_of_drift() -> None:
    sales_report = report(of=1)
    drift.note(sales_report.drift, "new field", "$.colour", "s3://lake/raw/p0.json.gz", 0)
    drift.note(sales_report.drift, "discarded", "$.name", "s3://lake/raw/p0.json.gz", 0, "too long")
    assert (list(sales_report.unknown_fields), list(sales_report.discards)) == (["$.colour"], ["$.name"])
