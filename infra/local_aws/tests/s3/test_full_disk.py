"""Deleting works on a full disk: it is what makes room again."""

import sqlite3
from pathlib import Path

import pytest

from infra.local_aws.s3.store import S3Store
from infra.local_aws.tests.small_disk import mounted

BUCKET, KEY = "b", "empty"


def put(store: S3Store) -> None:
    store.versions.put(BUCKET, KEY, None, [b""], {"etag": "e"})


def test_a_store_opens_and_deletes_what_frees_nothing_though_the_index_has_no_room(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", megabytes=1) as disk:
        store = S3Store(disk.folder / "s3")
        store.disk.create_bucket(BUCKET)
        put(store)
        store.close()  # SQLite's log goes, so that the index needs room for its next change
        disk.fill()
        store = S3Store(disk.folder / "s3")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            store.index.forget(BUCKET, KEY)
        store.versions.delete(BUCKET, KEY, None)
        assert list(store.disk.keys(BUCKET)) == []
        disk.empty()
        put(store)
        current = store.versions.current(BUCKET, KEY, None)
        assert current is not None
        assert current.details == {"etag": "e"}
        store.close()
