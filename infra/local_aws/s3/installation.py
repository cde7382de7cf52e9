"""Makes moto's S3 keep its objects on disk, and closes the gaps where moto would be kinder than S3.

moto keeps every object in memory. Here its bucket gets a key store that is a view of `S3Disk`: what another program
wrote into the directory a moment ago is there, what it deleted is gone, and a listing reads names, never bodies.
Conditional writes (`If-Match`, `If-None-Match: *`) are checked and carried out under one lock per key, for plain,
copied and multipart objects alike.

Refused with `NotImplemented` rather than silently ignored: object lock, legal holds and retention. Multipart uploads
that were not completed live in memory only and are gone after a restart.
"""

import datetime
import functools
from pathlib import Path
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3 import models as s3_models
from moto.s3.responses import S3Response

from infra.local_aws.s3 import (
    bucket_configuration,
    conditions,
    deleting,
    listing,
    object_acl,
    reading,
    tagging,
    writing,
)
from infra.local_aws.s3.errors import not_implemented
from infra.local_aws.s3.keys import DiskKeys
from infra.local_aws.s3.store import S3Store


def install(root: Path) -> S3Store:
    """Puts moto's S3 on disk below `root`, for this whole process, and brings back the buckets found there."""
    store = S3Store(root)
    _keep_buckets_on_disk(store)
    backend = s3_models.S3Backend
    backend.put_object = functools.partialmethod(writing.put_from_backend, store)
    backend.get_object = functools.partialmethod(reading.get_object, store, backend.get_object)
    backend.delete_object = functools.partialmethod(deleting.delete_object, store)
    backend.delete_objects = functools.partialmethod(deleting.delete_objects, store)
    backend.complete_multipart_upload = functools.partialmethod(writing.complete_multipart_upload, store)
    backend.list_objects = functools.partialmethod(listing.list_objects, store)
    backend.list_objects_v2 = functools.partialmethod(listing.list_objects_v2, store)
    backend.get_object_tagging = tagging.get_object_tagging
    backend.put_object_tagging = tagging.put_object_tagging
    backend.delete_object_tagging = tagging.delete_object_tagging
    backend.get_bucket_encryption = bucket_configuration.get_bucket_encryption
    backend.tag_resource = bucket_configuration.saving_tags(store.index, backend.tag_resource)
    backend.untag_resource = bucket_configuration.saving_tags(store.index, backend.untag_resource)
    for name in ("put_object_lock_configuration", "put_object_retention", "put_object_legal_hold"):
        setattr(backend, name, _refuse_locks)
    _answer(store)
    return store


def _answer(store: S3Store) -> None:
    response = S3Response
    named = functools.partial(reading.naming_delete_markers, store)
    response.get_object = conditions.consistent(store, response.get_object)
    response.head_object = named(reading.head_object)
    response._key_response_get = named(response._key_response_get)
    response.put_object = conditions.conditional(store, _with(store, writing.put_object))
    copy = conditions.consistent(store, _with(store, writing.copy_object))
    response.copy_object = conditions.conditional(store, copy)
    response.upload_part_copy = conditions.consistent(store, response.upload_part_copy)
    response.delete_object = conditions.conditional(store, response.delete_object)
    response._key_response_post = writing.post_to_key(store, response._key_response_post)
    response.list_object_versions = _with(store, listing.list_object_versions)
    response.put_object_acl = object_acl.put_object_acl
    response._acl_from_headers = object_acl.checking(response._acl_from_headers)
    response._tagging_from_xml = tagging.from_xml
    index = store.index
    response._bucket_response_put = bucket_configuration.saving(
        index, bucket_configuration.refusing(response._bucket_response_put)
    )
    response._bucket_response_delete = bucket_configuration.saving(index, response._bucket_response_delete)


def _with(store: S3Store, handler: Any) -> Any:
    """The handler as a method of moto's response."""

    @functools.wraps(handler)
    def answered(self: S3Response) -> Any:
        return handler(store, self)

    return answered


def _keep_buckets_on_disk(store: S3Store) -> None:
    init, delete = s3_models.FakeBucket.__init__, s3_models.S3Backend.delete_bucket

    def make(self: s3_models.FakeBucket, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        if type(self) is s3_models.FakeBucket:
            store.disk.create_bucket(self.name)
            store.index.add_bucket(self.name, self.account_id, self.region_name)
            self.keys = DiskKeys(store, self)

    def remove(self: s3_models.S3Backend, bucket_name: str) -> Any:
        bucket = delete(self, bucket_name)
        if bucket is not None:
            store.disk.remove_bucket(bucket_name)
            store.index.remove_bucket(bucket_name)
            self.tagger.delete_all_tags_for_resource(bucket.arn)
        return bucket

    s3_models.FakeBucket.__init__ = make
    s3_models.S3Backend.delete_bucket = remove
    for name in store.disk.buckets():
        account, region = store.index.bucket(name) or (DEFAULT_ACCOUNT_ID, "us-east-1")
        bucket = s3_models.FakeBucket(name=name, account_id=account, region_name=region)
        made = datetime.datetime.fromtimestamp(store.disk.bucket_path(name).stat().st_mtime, datetime.UTC)
        bucket.creation_date = made
        s3_models.s3_backends[account][bucket.partition].buckets[name] = bucket
        bucket_configuration.restore(store.index, bucket)
        store.versions.drop_unknown_files(name)


def _refuse_locks(*_args: Any, **_kwargs: Any) -> None:
    raise not_implemented("object lock, retention and legal holds.")
