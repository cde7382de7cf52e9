"""External schemas: tables of the Glue catalog next to those of the warehouse, read under the schema's role."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infra.local_aws import LocalAws, account
from infra.local_aws.tests.redshift.conftest import DataApi

ACCOUNT = account.ID
ROWS = pa.table(
    {
        "id": pa.array([1, 2], pa.int64()),
        "Name": ["Föhn", None],
        "price": pa.array([Decimal("12.50"), Decimal("0.05")], pa.decimal128(8, 2)),
        "seen_at": pa.array([datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)] * 2, pa.timestamp("us", "UTC")),
        "day": pa.array([date(2026, 1, 2)] * 2),
        "tags": [["a", "b"], []],
    }
)
COLUMNS = {
    "id": "bigint", "name": "string", "price": "decimal(8,2)", "seen_at": "timestamp", "day": "date",
    "tags": "array<string>", "later": "int",
}  # fmt: skip
PARQUET = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"


@dataclass(frozen=True)
class Lake:
    """A catalogued table `t` of two partitions in a bucket, and an external schema on it."""

    api: DataApi
    client: Callable[[str], Any]
    bucket: str
    schema: str
    role: str

    def may(self, *resources: str) -> None:
        """Let the role read the catalog, list the bucket and read these objects."""
        statements = [
            {"Effect": "Allow", "Action": ["glue:Get*", "s3:ListBucket"], "Resource": "*"},
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": [*resources]},
        ]
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.client("iam").put_role_policy(RoleName=self.role, PolicyName="read", PolicyDocument=document)


@pytest.fixture
def lake(local_aws: LocalAws) -> Iterator[Lake]:
    session = boto3.Session("local", "local", region_name="us-east-1")

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=local_aws.url)

    name = uuid.uuid4().hex[:10]
    bucket, database, role = f"ext-{name}", f"db_{name}", f"role-{name}"
    client("s3").create_bucket(Bucket=bucket)
    sink = io.BytesIO()
    pq.write_table(ROWS, sink)
    glue = client("glue")
    glue.create_database(DatabaseInput={"Name": database})
    storage = {
        "Columns": [{"Name": column, "Type": kind} for column, kind in COLUMNS.items()],
        "Location": f"s3://{bucket}/t/",
        "InputFormat": PARQUET,
    }
    keys = [{"Name": "ingest_date", "Type": "string"}]
    for table in ("t", "hidden"):
        table_input = {"Name": table, "StorageDescriptor": storage, "PartitionKeys": keys}
        glue.create_table(DatabaseName=database, TableInput=table_input)
    for day in ("2026-01-01", "2026-01-02"):
        folder = f"t/ingest_date={day}/"
        client("s3").put_object(Bucket=bucket, Key=f"{folder}a.parquet", Body=sink.getvalue())
        client("s3").put_object(Bucket=bucket, Key=f"{folder}_manifest.json", Body=b"{}")
        values = {"Values": [day], "StorageDescriptor": {**storage, "Location": f"s3://{bucket}/{folder}"}}
        glue.create_partition(DatabaseName=database, TableName="t", PartitionInput=values)
    redshift = {"Service": "redshift.amazonaws.com"}
    trusting = {"Effect": "Allow", "Principal": redshift, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [trusting]}
    client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))
    api, schema = DataApi(local_aws.url, local_aws.workgroup), f"lake_{name}"
    statement = api.run(
        f"CREATE EXTERNAL SCHEMA {schema} FROM DATA CATALOG DATABASE '{database}' "
        f"IAM_ROLE 'arn:aws:iam::{ACCOUNT}:role/{role}'"
    )
    assert statement["Status"] == "FINISHED", statement
    external_lake = Lake(api, client, bucket, schema, role)
    external_lake.may(f"arn:aws:s3:::{bucket}/t/*")
    yield external_lake
    assert api.run(f"DROP SCHEMA {schema}")["Status"] == "FINISHED"


def test_the_rows_of_all_partitions_are_read_with_their_types(lake: Lake) -> None:
    rows = lake.api.rows(
        f"SELECT id, name, price, seen_at, day, tags, later, ingest_date FROM {lake.schema}.t ORDER BY ingest_date, id"
    )
    first = (1, "Föhn", "12.50", "2026-01-02 03:04:05", "2026-01-02", '["a","b"]', None, "2026-01-01")
    assert [tuple(map(str, row)) for row in rows[:1]] == [tuple(map(str, first))]
    assert [(row[0], row[-1]) for row in rows] == [
        (1, "2026-01-01"), (2, "2026-01-01"), (1, "2026-01-02"), (2, "2026-01-02"),
    ]  # fmt: skip


def test_the_lake_is_joined_with_the_warehouse(lake: Lake) -> None:
    rows = lake.api.rows(
        f"WITH ids AS (SELECT 1 AS id) SELECT COUNT(*), SUM(t.price) FROM {lake.schema}.t AS t "
        "INNER JOIN ids ON t.id = ids.id WHERE t.ingest_date >= '2026-01-02'"
    )
    assert [tuple(map(str, row)) for row in rows] == [("1", "12.50")]


def test_what_the_role_may_not_read_is_not_read(lake: Lake) -> None:
    lake.may(f"arn:aws:s3:::{lake.bucket}/other/*")

    failed = lake.api.run(f"SELECT COUNT(*) FROM {lake.schema}.t")
    assert failed["Status"] == "FAILED"
    assert "AccessDenied" in failed["Error"]


def test_a_table_that_the_catalog_does_not_have_is_named(lake: Lake) -> None:
    failed = lake.api.run(f"SELECT COUNT(*) FROM {lake.schema}.nothing")
    assert f'relation "{lake.schema}.nothing" does not exist' in failed["Error"]


@pytest.mark.parametrize(
    ("clause", "reason"),
    [
        ("FROM POSTGRES DATABASE 'd' IAM_ROLE DEFAULT", "FROM DATA CATALOG only"),
        ("FROM DATA CATALOG DATABASE 'd'", "needs IAM_ROLE"),
    ],
)
def test_an_external_schema_says_where_and_as_whom(local_aws: LocalAws, clause: str, reason: str) -> None:
    failed = DataApi(local_aws.url, local_aws.workgroup).run(f"CREATE EXTERNAL SCHEMA refused {clause}")
    assert (failed["Status"], reason in failed["Error"]) == ("FAILED", True)


def test_the_system_views_list_the_tables_of_the_catalog(lake: Lake) -> None:
    place = f"schemaname = '{lake.schema}'"
    tables = lake.api.rows(f"SELECT tablename, input_format FROM svv_external_tables WHERE {place} ORDER BY 1")
    assert tables == [("hidden", PARQUET), ("t", PARQUET)]
    columns = lake.api.rows(
        f"SELECT columnname, external_type, part_key FROM svv_external_columns WHERE {place} AND tablename = 't'"
        " AND (part_key > 0 OR columnnum < 3) ORDER BY columnnum"
    )
    assert columns == [("id", "bigint", 0), ("name", "string", 0), ("ingest_date", "string", 1)]
    partitions = lake.api.rows(f"SELECT values, location FROM svv_external_partitions WHERE {place} ORDER BY 1")
    assert partitions[0] == ('["2026-01-01"]', f"s3://{lake.bucket}/t/ingest_date=2026-01-01/")


def test_show_lists_the_tables_of_the_catalog(lake: Lake) -> None:
    tables = lake.api.rows(f"SHOW TABLES FROM SCHEMA dev.{lake.schema}")
    assert [(row[2], row[3]) for row in tables] == [("hidden", "EXTERNAL TABLE"), ("t", "EXTERNAL TABLE")]
    ((definition,),) = lake.api.rows(f"SHOW EXTERNAL TABLE {lake.schema}.t")
    assert definition.startswith(f"CREATE EXTERNAL TABLE {lake.schema}.t (\n    id bigint,")
    assert "PARTITIONED BY (ingest_date string)" in definition


def test_tables_that_the_role_may_not_list_are_not_listed(lake: Lake) -> None:
    lake.client("iam").delete_role_policy(RoleName=lake.role, PolicyName="read")
    assert lake.api.rows(f"SELECT tablename FROM svv_external_tables WHERE schemaname = '{lake.schema}'") == []
