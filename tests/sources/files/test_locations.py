"""Where files come from: folders, buckets, the web; what goes wrong there, and no secret in any message."""

from __future__ import annotations

import gzip
import json
import logging
import os
import time
import traceback
from pathlib import Path

import pytest

from aws_services.errors import NotFound, ServiceUnreachable
from aws_services.s3 import S3, S3Files
from lake.store import Lake
from sources.files import (
    FilesError,
    Limits,
    LocationRefused,
    LocationUnreachable,
    NoSuchFile,
)
from sources.files.errors import shown
from sources.files.stores import located
from tests.fixtures.landing import MemoryLanding
from tests.sources.files.conftest import FileServer
from tests.sources.files.files import TEXT, OneFile, land, landed


def test_files_come_from_a_bucket(landing: MemoryLanding, lake: Lake) -> None:
    lake.put("drop/sales.txt", TEXT)
    lake.put("drop/deeper/sales.txt", b"other")
    assert land(landing, "s3://lake/drop", "sal*", bucket=S3Files(lake.s3)).files[0].uri == "s3://lake/drop/sales.txt"
    assert landed(landing) == TEXT
    with pytest.raises(NotFound, match="drop/none"):
        land(landing, "s3://lake/drop", "none", bucket=S3Files(lake.s3))
    with pytest.raises(NoSuchFile, match=r"\*\.csv"):
        land(landing, "s3://lake/drop", "*.csv", bucket=S3Files(lake.s3))


def test_files_come_from_the_web(landing: MemoryLanding, server: FileServer) -> None:
    server.files["data/sales.txt"] = gzip.compress(TEXT)
    server.answers["data/sales.txt"] = [(503, {}), (302, {"Location": "/data/sales.txt?token=hush"})]
    (file,) = land(landing, f"{server.url}/data/").files
    assert landed(landing) == TEXT
    assert file.uri == f"{server.url}/data/sales.txt"
    assert "hush" not in str(landing.requests)


def test_how_bytes_travel_is_not_what_they_are(landing: MemoryLanding, server: FileServer) -> None:
    server.files["sales.txt"] = gzip.compress(TEXT)
    server.answers["sales.txt"] = [(200, {"Content-Encoding": "gzip"})]
    assert land(landing, server.url).files[0].size == len(TEXT)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, {}), NoSuchFile),
        ((403, {}), LocationRefused),
        ((302, {"Location": "http://example.com/sales.txt"}), LocationRefused),
        ((302, {"Location": "file:///etc/passwd"}), LocationRefused),
        ((200, {"Content-Length": "999999"}), LocationUnreachable),
        ((302, {"Location": "/sales.txt"}), LocationUnreachable),
    ],
)
def test_answers_that_are_no_file(
    landing: MemoryLanding, server: FileServer, answer: tuple[int, dict[str, str]], error: type[FilesError]
) -> None:
    server.files["sales.txt"] = TEXT
    server.answers["sales.txt"] = [answer] * 40
    with pytest.raises(error) as caught:
        land(landing, server.url.replace("http://", "http://user:hush@"))
    assert "hush" not in str(caught.value)
    assert not landing.objects


@pytest.mark.parametrize("location", ["ftp://host/x", "http://example.com/x", "s3://bucket/x"])
def test_locations_that_are_not_read_are_refused(landing: MemoryLanding, location: str) -> None:
    with pytest.raises(LocationRefused, match="https://"):
        land(landing, location)


SLOW = 30
"""Seconds after which a test fails that waits for a byte after a byte."""


def test_a_download_that_drips_is_given_up_at_its_deadline(landing: MemoryLanding, server: FileServer) -> None:
    server.files["sales.txt"] = TEXT
    server.drips.add("sales.txt")
    began = time.monotonic()
    with pytest.raises(LocationUnreachable, match=r"took longer than 0\.2 s"):
        land(landing, server.url, limits=Limits(deadline_s=0.2))
    assert time.monotonic() - began < SLOW
    assert not landing.objects


def test_an_object_that_drips_is_given_up_at_its_deadline(
    landing: MemoryLanding, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server plays S3: a bucket is the first step of a path."""
    for name, value in {"AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(name, value)
    server.files["drop/sales.txt"] = TEXT
    server.drips.add("drop/sales.txt")
    began = time.monotonic()
    with pytest.raises(LocationUnreachable, match=r"s3://drop/sales\.txt took longer than 0\.2 s"):
        land(landing, "s3://drop", bucket=S3Files(S3()), limits=Limits(deadline_s=0.2))
    assert time.monotonic() - began < SLOW


def test_an_object_that_breaks_off_is_no_file(
    landing: MemoryLanding, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(name, value)
    server.files["drop/sales.txt"] = TEXT
    server.answers["drop/sales.txt"] = [(200, {"Content-Length": str(len(TEXT) + 1)})]
    with pytest.raises(ServiceUnreachable, match=r"s3://drop/sales\.txt"):
        land(landing, "s3://drop", bucket=S3Files(S3()))
    assert not landing.objects


def test_the_web_cannot_be_listed(landing: MemoryLanding, server: FileServer) -> None:
    with pytest.raises(LocationRefused, match="cannot be listed"):
        land(landing, server.url, "*.txt")


def test_what_is_not_there_is_named(landing: MemoryLanding, tmp_path: Path) -> None:
    for folder, pattern in ((tmp_path, "sales.txt"), (tmp_path, "*.txt"), (tmp_path / "none", "*")):
        with pytest.raises(NoSuchFile, match=str(tmp_path)):
            land(landing, folder, pattern)


@pytest.mark.parametrize(
    ("uri", "shown_uri"),
    [
        ("https://me:pw@host:8/a.txt?X-Amz-Signature=s#f", "https://host:8/a.txt"),
        ("https://me:p/w@host/a.txt", "https://…"),
        ("https://[me:pw@host/a.txt", "https://…"),
        ("https:/me:pw@host/a.txt", "https…"),
        ("https//host/a.txt?sig=s", "https…"),
        ("/data/a@b.txt", "/data/a@b.txt"),
        ("s3://bucket/a@b.txt", "s3://bucket/a@b.txt"),
    ],
)
def test_messages_hold_no_secret(uri: str, shown_uri: str) -> None:
    assert shown(uri) == shown_uri


@pytest.mark.parametrize(
    ("location", "name", "uri"),
    [
        ("/data/", "a b?.txt", "/data/a b?.txt"),
        ("file:///data", "a b?.txt", "file:///data/a%20b%3F.txt"),
        ("s3://bucket", "a b?.txt", "s3://bucket/a b?.txt"),
        ("https://me:pw@host/data/?sig=a%2Fb#f", "a b.txt", "https://me:pw@host/data/a%20b.txt?sig=a%2Fb"),
    ],
)
def test_a_file_is_looked_for_at_its_location(location: str, name: str, uri: str) -> None:
    assert located(location, name) == uri


@pytest.mark.parametrize("status", [200, 403, 404])
def test_secrets_of_a_location_are_nowhere_to_be_read(
    landing: MemoryLanding, server: FileServer, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """Neither a signature nor a password; urllib3 would log them when it tries again."""
    caplog.set_level(logging.DEBUG)
    server.files["data/sales.txt"] = TEXT
    server.answers["data/sales.txt"] = [(503, {}), (302, {"Location": "/data/sales.txt?token=hush"}), (status, {})] * 9
    location = f"{server.url}/data?X-Amz-Credential=hush&X-Amz-Signature=hush".replace("http://", "http://hush:hush@")
    output = ""
    try:
        output = json.dumps(land(landing, location).as_dict())
    except FilesError as error:
        output = "".join(traceback.format_exception(error))
    assert (status == 200) == bool(landing.objects)
    assert f"{server.url}/data/sales.txt" in output
    assert any(record.name.startswith("urllib3") for record in caplog.records)
    assert "hush" not in f"{output} {caplog.text} {landing.requests} {landing.slices} {list(landing.objects)}"
    assert all("token" in query or "X-Amz-Signature=hush" in query for query in server.queries)


@pytest.mark.parametrize("location", ["https://me:hush@[host", "s3://key:hush@bucket/x", "https:/me:hush@host", ""])
def test_a_location_that_is_none_is_refused_without_its_secrets(landing: MemoryLanding, location: str) -> None:
    with pytest.raises(FilesError) as caught:
        land(landing, location, bucket=OneFile(1))
    assert "hush" not in "".join(traceback.format_exception(caught.value))


def test_a_file_of_another_machine_is_not_looked_for_on_this_one(landing: MemoryLanding) -> None:
    with pytest.raises(LocationRefused, match="file:///"):
        land(landing, "file://host/data")


def test_a_pipe_is_no_file(landing: MemoryLanding, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "sales.txt")
    with pytest.raises(NoSuchFile):
        land(landing, tmp_path)


@pytest.mark.parametrize("name", ["a\nb.txt", "a\udcff.txt"])
def test_a_name_that_cannot_be_told_is_refused(landing: MemoryLanding, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(TEXT)
    with pytest.raises(LocationRefused, match="rename"):
        land(landing, tmp_path, "*.txt")
