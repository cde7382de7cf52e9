"""Statements on a full disk fail alone, leave nothing behind, and work once there is room."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local_aws.redshift import Warehouse
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.transfer.objects import Files
from infra.local_aws.tests.redshift.conftest import DataApi
from infra.local_aws.tests.small_disk import SmallDisk, mounted

UNLOAD = "UNLOAD ('SELECT n, n::varchar AS text FROM numbers') TO 's3://lake/out/' IAM_ROLE 'arn:aws:iam::1:role/r' CSV"


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # PostgreSQL, which is another user if this is root, goes through it
        with mounted(Path(folder) / "disk", megabytes=1) as small:
            yield small


def test_an_unload_without_room_leaves_no_file_and_can_be_repeated(
    warehouse: Warehouse, schema: str, disk: SmallDisk
) -> None:
    session = Session(warehouse, Files(lambda uri: disk.folder / uri.removeprefix("s3://")), query_id=1)
    try:
        session.run_alone("CREATE TABLE numbers (n INTEGER)")
        session.run_alone("INSERT INTO numbers VALUES " + ",".join(f"({number})" for number in range(2000)))
        disk.fill(leave=20_000)
        with pytest.raises(OSError, match="No space left on device"):
            session.run_alone(UNLOAD)
        assert [path for path in (disk.folder / "lake").rglob("*") if path.is_file()] == []
        disk.empty()
        assert session.run_alone(UNLOAD).count == 2000
    finally:
        session.close()


def test_a_statement_without_room_fails_with_the_databases_own_error(
    warehouse: Warehouse, api: DataApi, schema: str, disk: SmallDisk
) -> None:
    folder = disk.folder / "tables"
    folder.mkdir()
    owner = warehouse.home.data.stat()
    for path in (disk.folder, folder):
        os.chown(path, owner.st_uid, owner.st_gid)
    with warehouse.connect(autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE {schema} LOCATION '{folder}'")
        try:
            connection.execute(f"CREATE TABLE {schema}.large (a TEXT) TABLESPACE {schema}")
            disk.fill(leave=20_000)
            insert = "INSERT INTO large VALUES " + ",".join([f"('{'x' * 40}')"] * 1000)
            failed = api.run(insert)
            assert failed["Status"] == "FAILED"
            assert "No space left on device" in failed["Error"]
            assert api.rows("SELECT count(*) FROM large") == [(0,)]
            disk.empty()
            assert api.run(insert)["Status"] == "FINISHED"
            assert api.rows("SELECT count(*) FROM large") == [(1000,)]
        finally:
            connection.execute(f"DROP TABLE IF EXISTS {schema}.large")
            connection.execute(f"DROP TABLESPACE {schema}")
