"""awswrangler (AWS SDK for pandas): through the wire protocol with files in S3, and through the Data API."""

from __future__ import annotations

from collections.abc import Iterator

import awswrangler as wr
import boto3
import pandas as pd
import pytest
import redshift_connector
from redshift_connector.core import Connection

from .conftest import Environment

KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
FRAME = pd.DataFrame({"id": [1, 2], "label": ["o'x", "Zoë"], "at": pd.to_datetime(["2026-11-01", "2026-11-02"])})


@pytest.fixture
def session(environ: Environment) -> Iterator[boto3.Session]:
    wr.config.s3_endpoint_url = environ["AWS_ENDPOINT_URL"]
    yield boto3.Session(**KEYS, region_name="us-east-1")
    wr.config.s3_endpoint_url = None


@pytest.fixture
def connection(environ: Environment, session: boto3.Session) -> Iterator[Connection]:
    """A connection in a session with a table of FRAME's rows, which COPY loaded: `shop.from_wrangler`."""
    opened = redshift_connector.connect(
        host="localhost",
        port=int(environ["PGPORT"]),
        database="dev",
        user=environ["PGUSER"],
        password=environ["PGPASSWORD"],
    )
    wr.redshift.copy(
        FRAME, "s3://clients/wrangler/in/", opened, "from_wrangler", "shop", boto3_session=session, mode="overwrite",
        **KEYS,
    )  # fmt: skip
    yield opened
    opened.rollback()
    with opened.cursor() as cursor:
        cursor.execute("DROP TABLE shop.from_wrangler")
    opened.commit()
    opened.close()


def test_copied_rows_are_read(connection: Connection) -> None:
    rows = wr.redshift.read_sql_query("SELECT * FROM shop.from_wrangler ORDER BY id", connection)
    assert rows["label"].tolist() == FRAME["label"].tolist()
    assert rows["at"].tolist() == FRAME["at"].tolist()


def test_rows_are_unloaded(connection: Connection, session: boto3.Session) -> None:
    query = "SELECT * FROM shop.from_wrangler"
    rows = wr.redshift.unload(query, "s3://clients/wrangler/out/", connection, boto3_session=session, **KEYS)
    assert sorted(rows["label"]) == sorted(FRAME["label"])


def test_rows_are_upserted(connection: Connection) -> None:
    changed = FRAME.assign(id=[2, 3], label=["changed", "new"])
    wr.redshift.to_sql(changed, connection, "from_wrangler", "shop", mode="upsert", primary_keys=["id"])
    rows = wr.redshift.read_sql_query("SELECT label FROM shop.from_wrangler ORDER BY id", connection)
    assert rows["label"].tolist() == ["o'x", "changed", "new"]


def test_a_temporary_password_logs_in(environ: Environment, session: boto3.Session) -> None:
    opened = wr.redshift.connect_temp(
        cluster_identifier="local", user="wrangler_reader", database="dev", auto_create=True, boto3_session=session
    )
    with opened, opened.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ["wrangler_reader"]


def test_the_data_api_is_read(environ: Environment, session: boto3.Session) -> None:
    client = wr.data_api.redshift.connect(
        cluster_id="local", database="dev", db_user=environ["PGUSER"], boto3_session=session
    )
    frame = wr.data_api.redshift.read_sql_query("SELECT venue_id, name FROM shop.venues ORDER BY 1", con=client)
    assert frame["name"].tolist() == ["Arena", "Hall", "O'Brien \\ Söhne"]
