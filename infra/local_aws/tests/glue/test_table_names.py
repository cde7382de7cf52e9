"""The names that a crawler gives its tables."""

import hashlib

import pytest

from infra.local_aws.glue.table_names import own_name, plain_name

HASH = hashlib.md5(b"s3://b/us/sales").hexdigest()


@pytest.mark.parametrize(
    ("prefix", "uri", "name"),
    [
        ("", "s3://b/eu/sales/", "sales"),
        ("", "s3://b/eu/sales", "sales"),
        ("raw_", "s3://b/Some-Events 2025/", "raw_some_events_2025"),
        ("Raw-", "s3://my-bucket/", "raw_my_bucket"),
        ("", "s3://b/drop/File.CSV.gz", "file_csv_gz"),
        ("", f"s3://b/{'x' * 200}/", "x" * 128),
    ],
)
def test_names_follow_glues_rules(prefix: str, uri: str, name: str) -> None:
    assert plain_name(prefix, uri) == name


@pytest.mark.parametrize(
    ("tables", "name", "reason"),
    [
        ({}, "sales", "nobody has the name"),
        ({"sales": "s3://b/us/sales/"}, "sales", "its own table"),
        ({"sales": "s3://b/us/sales"}, "sales", "its own table, written without the slash"),
        ({"sales": "s3://b/eu/sales/"}, f"sales_{HASH}", "another folder has the name"),
        ({"sales": ""}, f"sales_{HASH}", "a view has the name"),
        ({"sales": "s3://b/us/Sales/"}, f"sales_{HASH}", "S3 distinguishes case"),
        ({f"sales_{HASH}": "s3://b/us/sales/"}, f"sales_{HASH}", "its own table, the other one is gone"),
    ],
)
def test_a_target_finds_its_own_table_by_its_location(tables: dict[str, str], name: str, reason: str) -> None:
    assert own_name("", "s3://b/us/sales/", tables) == name, reason


def test_a_hashed_name_is_not_too_long() -> None:
    long = "x" * 200
    assert len(own_name("", f"s3://b/{long}", {"x" * 128: "s3://elsewhere/"})) == 128
