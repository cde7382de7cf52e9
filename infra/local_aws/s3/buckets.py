"""Buckets as directories: creates and removes them, and loads them when the server starts."""

import datetime
import functools
from collections.abc import Callable
from typing import Any

from moto.s3 import models as s3_models

from .. import account as own_account
from ..room import require_room
from . import bucket_configuration
from .disk import ROOM_FOR_DETAILS
from .keys import DiskKeys
from .store import S3Store


def making_directory(init: Callable[..., None], store: S3Store) -> Callable[..., None]:
    """`FakeBucket.__init__`, which stores the bucket's contents in a directory."""

    @functools.wraps(init)
    def make(self: s3_models.FakeBucket, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        if type(self) is s3_models.FakeBucket:
            if store.index.bucket(self.name) != (self.account_id, self.region_name):
                store.index.add_bucket(self.name, self.account_id, self.region_name)
            store.disk.create_bucket(self.name)
            self.keys = DiskKeys(store, self)

    return make


def removing_directory(delete: Callable[..., Any], store: S3Store) -> Callable[..., Any]:
    """`S3Backend.delete_bucket`, which removes the directory too."""

    @functools.wraps(delete)
    def remove(self: s3_models.S3Backend, bucket_name: str) -> Any:
        require_room(store.disk.root, ROOM_FOR_DETAILS)
        bucket = delete(self, bucket_name)
        if bucket is not None:
            store.disk.remove_bucket(bucket_name)
            store.index.remove_bucket(bucket_name)
            self.tagger.delete_all_tags_for_resource(bucket.arn)
        return bucket

    return remove


def bring_back(store: S3Store) -> None:
    """Adds the buckets on disk to moto, with their configuration."""
    for name in store.disk.buckets():
        account, region = store.index.bucket(name) or (own_account.ID, "us-east-1")
        bucket = s3_models.FakeBucket(name=name, account_id=account, region_name=region)
        created_at = datetime.datetime.fromtimestamp(store.disk.bucket_path(name).stat().st_mtime, datetime.UTC)
        bucket.creation_date = created_at
        s3_models.s3_backends[account][bucket.partition].buckets[name] = bucket
        bucket_configuration.restore(store.index, bucket)
        store.versions.drop_unknown_files(name)
