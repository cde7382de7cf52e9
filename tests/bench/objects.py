"""Objects through the local S3, compared with plain moto of the same version, which keeps them in memory.

Both are servers of their own, asked by one boto3 client each: puts of 2 kB with a content type and user metadata, gets,
and listings of a thousand keys. In a versioned bucket every put replaces an object, so that there is a version to keep.
"""

from __future__ import annotations

import functools
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import EndpointConnectionError

from infra.local_aws import LocalAws
from tests.bench.harness import Comparison, Options, compare

_BODY = os.urandom(2000)
_PLAIN, _VERSIONED = "plain", "versioned"


def measure(options: Options) -> Iterator[Comparison]:
    """Compare with moto's own server."""
    count, listings = options.size(1000, 200), 10
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="boxoffice-bench-")))
        ours = _client(stack.enter_context(LocalAws(folder, warehouse=False)).url)
        theirs = _client(stack.enter_context(_moto()))
        for s3 in (ours, theirs):
            _make_buckets(s3)
        works: dict[str, Callable[[Any], None]] = {
            f"{count} puts": functools.partial(_put, bucket=_PLAIN, count=count),
            f"{count} puts of new versions": functools.partial(_put, bucket=_VERSIONED, count=count),
            f"{count} gets": functools.partial(_get, count=count),
            f"{listings} listings of {count} keys": functools.partial(_list, count=listings),
        }
        for subject, work in works.items():
            yield compare(
                subject,
                functools.partial(work, ours),
                functools.partial(work, theirs),
                against="moto",
                rounds=options.rounds,
                at_most=1,
            )


@contextmanager
def _moto() -> Iterator[str]:
    """The URL of a running server of moto."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _client(url: str) -> Any:
    """An S3 client of a server that answers."""
    s3: Any = boto3.Session("local", "local", region_name="us-east-1").client("s3", endpoint_url=url)
    deadline = time.monotonic() + 60
    while True:
        try:
            s3.list_buckets()
        except EndpointConnectionError:
            if time.monotonic() > deadline:
                raise
            continue
        return s3


def _make_buckets(s3: Any) -> None:
    for bucket in (_PLAIN, _VERSIONED):
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=_VERSIONED, VersioningConfiguration={"Status": "Enabled"})


def _put(s3: Any, bucket: str, count: int) -> None:
    for number in range(count):
        s3.put_object(
            Bucket=bucket, Key=f"a/{number}", Body=_BODY, ContentType="application/json", Metadata={"run": "1"}
        )


def _get(s3: Any, count: int) -> None:
    for number in range(count):
        s3.get_object(Bucket=_PLAIN, Key=f"a/{number}")["Body"].read()


def _list(s3: Any, count: int) -> None:
    for _ in range(count):
        s3.list_objects_v2(Bucket=_PLAIN)
