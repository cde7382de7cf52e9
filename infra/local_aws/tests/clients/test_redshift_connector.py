"""redshift_connector, Amazon's driver for Python: logins, types, metadata, files, procedures and cursors."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import boto3
import pandas as pd
import pytest
import redshift_connector
from redshift_connector.core import Connection
from redshift_connector.error import InterfaceError, ProgrammingError

from .conftest import Environment

ROLE = "iam_role 'arn:aws:iam::123456789012:role/any'"
LABELS = ["a\\b", "o'x", "\\'", "ends with \\", "$$", "%s $1 :p", "Zoë", ""]

closes_no_socket = pytest.mark.filterwarnings("ignore::ResourceWarning")
"""The driver leaves the socket of a refused login to the garbage collector."""


def connect(environ: Environment, **options: Any) -> Connection:
    return redshift_connector.connect(host="localhost", port=int(environ["PGPORT"]), database="dev", **options)


def by_iam(environ: Environment, **options: Any) -> Connection:
    return connect(environ, iam=True, region="us-east-1", endpoint_url=environ["AWS_ENDPOINT_URL"], **options)


@pytest.fixture
def connection(environ: Environment) -> Iterator[Connection]:
    opened = connect(environ, user=environ["PGUSER"], password=environ["PGPASSWORD"])
    yield opened
    opened.close()


@closes_no_socket
def test_a_wrong_password_is_refused(environ: Environment) -> None:
    with pytest.raises(InterfaceError, match="password authentication failed"):
        connect(environ, user=environ["PGUSER"], password="wrong")
    gc.collect()


@closes_no_socket
def test_the_certificate_is_verified(environ: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(InterfaceError, match=r"(?i)certificate verify failed"):
        connect(environ, user=environ["PGUSER"], password=environ["PGPASSWORD"])
    gc.collect()


def test_iam_logs_in_to_a_cluster(environ: Environment) -> None:
    options = {"cluster_identifier": "local", "db_user": "iam_reader", "auto_create": True}
    with by_iam(environ, **options) as opened, opened.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ["iam_reader"]
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT * FROM shop.buyers")


def test_iam_logs_in_to_a_workgroup(environ: Environment) -> None:
    options = {"is_serverless": True, "serverless_work_group": "local"}
    with by_iam(environ, **options) as opened, opened.cursor() as cursor:
        cursor.execute("SELECT SUM(amount) FROM shop.sales WHERE sale_id <= 3")
        assert cursor.fetchone() == [Decimal("35.75")]


def test_values_have_their_types(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT amount, sold_at, payload, NVL(NULL, %s) FROM shop.sales WHERE sale_id = %s", ("none", 1))
        amount, sold_at, payload, text = cursor.fetchone()
        assert [amount, sold_at, text] == [Decimal("10.50"), datetime.fromisoformat("2026-11-01 20:00"), "none"]
        assert json.loads(payload) == {"seats": [{"row": "A", "n": 1}]}


def test_parameters_arrive_unchanged(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE labels (id INT, label VARCHAR(40))")
        cursor.executemany("INSERT INTO labels VALUES (%s, %s)", list(enumerate(LABELS)))
        cursor.execute("SELECT label FROM labels ORDER BY id")
        assert [label for (label,) in cursor.fetchall()] == LABELS


def test_metadata_lists_the_shop(connection: Connection) -> None:
    with connection.cursor() as cursor:
        assert "shop" in [row[0] for row in cursor.get_schemas()]
        kinds = {row[2]: row[3] for row in cursor.get_tables(schema_pattern="shop")}
        assert {name: kinds[name] for name in ("venues", "v_sales")} == {"venues": "TABLE", "v_sales": "VIEW"}
        columns = cursor.get_columns(schema_pattern="shop", tablename_pattern="venues")
        assert [row[3] for row in columns] == ["venue_id", "name", "city"]
        assert [row[3] for row in cursor.get_primary_keys(schema="shop", table="venues")] == ["venue_id"]


def test_a_data_frame_goes_in_and_out(connection: Connection) -> None:
    frame = pd.DataFrame({"id": [1, 2], "label": ["o'x", "Zoë"]})
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE frames (id INT, label VARCHAR(40))")
        cursor.write_dataframe(frame, "frames")
        cursor.execute("SELECT id, label FROM frames ORDER BY id")
        assert cursor.fetch_dataframe().to_dict("list") == frame.to_dict("list")


def test_copy_takes_part_in_the_transaction(connection: Connection, environ: Environment) -> None:
    s3: Any = boto3.client("s3", endpoint_url=environ["AWS_ENDPOINT_URL"])
    s3.put_object(Bucket="clients", Key="connector/in.csv", Body=b'1,"Opera, late"\n2,Jazz\n')
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE titles (id INT, title VARCHAR(40))")
        connection.commit()
        cursor.execute(f"COPY titles FROM 's3://clients/connector/in.csv' {ROLE} CSV")
        cursor.execute("SELECT COUNT(*) FROM titles")
        assert cursor.fetchone() == [2]
        connection.rollback()
        cursor.execute("SELECT COUNT(*) FROM titles")
        assert cursor.fetchone() == [0]


def test_unload_writes_files(connection: Connection, environ: Environment) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UNLOAD ('SELECT venue_id, city FROM shop.venues WHERE city = \\'Austin\\'')"
            f" TO 's3://clients/connector/out/' {ROLE} CSV HEADER PARALLEL OFF ALLOWOVERWRITE"
        )
    s3: Any = boto3.client("s3", endpoint_url=environ["AWS_ENDPOINT_URL"])
    (file,) = s3.list_objects_v2(Bucket="clients", Prefix="connector/out/")["Contents"]
    assert s3.get_object(Bucket="clients", Key=file["Key"])["Body"].read() == b"venue_id,city\n1,Austin\n"


def test_call_returns_inout_arguments(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CALL shop.double_amount(%s)", (21,))
        assert cursor.fetchone() == [42]


def test_a_cursor_is_fetched_in_parts(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DECLARE names CURSOR FOR SELECT TOP 3 name FROM shop.venues ORDER BY venue_id")
        cursor.execute("FETCH FORWARD 2 FROM names")
        assert [name for (name,) in cursor.fetchall()] == ["Arena", "Hall"]
        cursor.execute("FETCH ALL FROM names")
        assert [name for (name,) in cursor.fetchall()] == ["O'Brien \\ Söhne"]
        cursor.execute("CLOSE names")
