"""dlt's Redshift destination: replace, append and merge, with and without files staged in S3."""

import os
import sys

import dlt

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["DESTINATION__FILESYSTEM__BUCKET_URL"] = "s3://clients/dlt"
for key, value in {
    "AWS_ACCESS_KEY_ID": os.environ["AWS_ACCESS_KEY_ID"],
    "AWS_SECRET_ACCESS_KEY": os.environ["AWS_SECRET_ACCESS_KEY"],
    "ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
    "REGION_NAME": "us-east-1",
}.items():
    os.environ[f"DESTINATION__FILESYSTEM__CREDENTIALS__{key}"] = value


def shows(rows: list[dict[str, object]]):
    return dlt.resource(rows, name="shows", primary_key="id")


def run(staging: str | None, working_folder: str) -> None:
    environ = os.environ
    credentials = {
        "host": "localhost",
        "port": int(environ["PGPORT"]),
        "database": "dev",
        "username": environ["PGUSER"],
        "password": environ["PGPASSWORD"],
        "connect_timeout": 15,
    }
    dataset = f"dlt_{staging or 'direct'}"
    pipeline = dlt.pipeline(
        dataset,
        pipelines_dir=working_folder,
        destination=dlt.destinations.redshift(credentials=credentials),
        staging="filesystem" if staging else None,
        dataset_name=dataset,
    )
    options = {"loader_file_format": staging} if staging else {}
    first = [
        {"id": 1, "title": "Opera", "price": 10.5, "tags": ["a", "b"]},
        {"id": 2, "title": "O'Neill", "price": None},
    ]
    pipeline.run(shows(first), write_disposition="replace", **options).raise_on_failed_jobs()
    pipeline.run(shows([{"id": 3, "title": "Jazz"}]), write_disposition="append", **options).raise_on_failed_jobs()
    changed = [{"id": 2, "title": "Ünder"}, {"id": 4, "title": "New", "venue": {"city": "Austin"}}]
    pipeline.run(shows(changed), write_disposition="merge", **options).raise_on_failed_jobs()
    with pipeline.sql_client() as client:
        rows = client.execute_sql(f"SELECT id, title, venue__city FROM {dataset}.shows ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (1, "Opera", None),
        (2, "Ünder", None),
        (3, "Jazz", None),
        (4, "New", "Austin"),
    ], rows


for staging in (None, "parquet", "jsonl"):
    run(staging, sys.argv[1] if len(sys.argv) > 1 else os.environ["CLIENT_FOLDER"])
