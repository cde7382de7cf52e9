"""UNLOAD into a bucket whose disk is full fails alone, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local_aws.redshift import Warehouse
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.objects import Files
from tests.fixtures.small_disk import SmallDisk, mounted

UNLOAD = "UNLOAD ('SELECT n, n::varchar AS text FROM numbers') TO 's3://lake/out/' IAM_ROLE 'arn:aws:iam::1:role/r' CSV"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with mounted(tmp_path / "disk", megabytes=1) as small:
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
