"""Airflow's hook and operators for Redshift: S3ToRedshiftOperator replaces rows, RedshiftToS3Operator writes them."""

from __future__ import annotations

import json
import os

import boto3
from airflow.providers.amazon.aws.hooks.redshift_sql import RedshiftSQLHook
from airflow.providers.amazon.aws.transfers.redshift_to_s3 import RedshiftToS3Operator
from airflow.providers.amazon.aws.transfers.s3_to_redshift import S3ToRedshiftOperator

CONNECTIONS = {"redshift_conn_id": "redshift_local", "aws_conn_id": "aws_local"}


def define_connections() -> None:
    environ = os.environ
    aws = {"endpoint_url": environ["AWS_ENDPOINT_URL"], "region_name": "us-east-1"}
    login = {"login": environ["PGUSER"], "password": environ["PGPASSWORD"], "schema": "dev"}
    warehouse = {"conn_type": "redshift", "host": "localhost", "port": int(environ["PGPORT"]), **login}
    keys = {"conn_type": "aws", "login": "x", "password": "x", "extra": aws}
    environ["AIRFLOW_CONN_AWS_LOCAL"] = json.dumps(keys)
    environ["AIRFLOW_CONN_REDSHIFT_LOCAL"] = json.dumps(warehouse)


def replaces_rows(hook: RedshiftSQLHook) -> None:
    hook.run("CREATE TABLE shop.from_airflow (id INT, title VARCHAR(40))")
    hook.run("INSERT INTO shop.from_airflow VALUES (%s, %s)", parameters=(9, "old"))
    body = b'1,Opera\n2,"O\'Neill, Jr"\n'
    boto3.client("s3").put_object(Bucket="clients", Key="airflow/from_airflow", Body=body)
    S3ToRedshiftOperator(
        task_id="load", s3_bucket="clients", s3_key="airflow/from_airflow", schema="shop", table="from_airflow",
        copy_options=["CSV"], method="REPLACE", **CONNECTIONS,
    ).execute({})  # fmt: skip
    rows = [tuple(row) for row in hook.get_records("SELECT id, title FROM shop.from_airflow ORDER BY id")]
    assert rows == [(1, "Opera"), (2, "O'Neill, Jr")], rows
    hook.run("DROP TABLE shop.from_airflow")


def writes_rows() -> None:
    RedshiftToS3Operator(
        task_id="unload", s3_bucket="clients", s3_key="airflow/out/", table_as_file_name=False,
        select_query="SELECT name FROM shop.venues WHERE city = 'Austin'",
        unload_options=["CSV", "PARALLEL OFF", "ALLOWOVERWRITE"], **CONNECTIONS,
    ).execute({})  # fmt: skip
    s3 = boto3.client("s3")
    (file,) = s3.list_objects_v2(Bucket="clients", Prefix="airflow/out/")["Contents"]
    body = s3.get_object(Bucket="clients", Key=file["Key"])["Body"].read()
    assert body == b"Arena\n", body


if __name__ == "__main__":
    define_connections()
    replaces_rows(RedshiftSQLHook(redshift_conn_id="redshift_local"))
    writes_rows()
