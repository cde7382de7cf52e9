"""Files from anywhere are landed as they are, once, and only when they changed."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import logging
import os
import sys
import tempfile
import time
import traceback
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from aws_services.errors import NotFound
from aws_services.errors import Unreachable as AwsUnreachable
from aws_services.s3 import S3, S3Files
from lake.curated import Lineage
from lake.landing import RawDataChanged, RawLanding
from lake.layout import RunId
from lake.store import Lake
from lake.validate import Body, validate
from schemas.formats import Delimited, Json
from sources.files import (
    Corrupt,
    EmptyFile,
    EntityFiles,
    Extracted,
    FilesError,
    Incomplete,
    Limits,
    NoSuchFile,
    Refused,
    TooLarge,
    Unreachable,
    extract,
    progress,
)
from sources.files.errors import shown
from sources.files.limits import _HARMLESS
from sources.files.stores import located
from tests.fixtures.landing import KilledError, MemoryLanding
from tests.fixtures.sales import COLUMNS, shop
from tests.sources.files.conftest import FileServer

PIPE = Delimited(COLUMNS, "|", quote=None)
TEXT = b"".join(b"%d|buyer %d|9.50\r\n" % (number, number) for number in range(1000))
SMALL = Limits(part_bytes=1000)


def sales(pattern: str = "sales.txt", form: Any = PIPE, **changes: Any) -> list[EntityFiles]:
    return [EntityFiles("sales", pattern, form, **changes)]


def land(landing: MemoryLanding, location: object, pattern: str = "sales.txt", **changes: Any) -> Extracted:
    (extracted,) = extract(landing, sales(pattern), str(location), **{"limits": SMALL, **changes})
    return extracted


def landed(landing: MemoryLanding) -> bytes:
    return b"".join(landing.objects[name] for name in landing.names("sales"))


def zipped(method: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_file_is_landed_in_parts_that_are_the_file(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    extracted = land(landing, tmp_path)
    names = landing.names("sales")
    assert landed(landing) == TEXT
    assert len(names) > 10
    assert all(landing.objects[name].endswith(b"\n") for name in names)
    assert sum(landing.records[name] or 0 for name in names) == 1000
    assert {landing.requests[name]["file"] for name in names} == {str(tmp_path / "sales.txt")}
    (file,) = extracted.files
    assert (file.size, file.records, file.parts, file.encoding) == (len(TEXT), 1000, len(names), "utf-8")
    (counts,) = landing.slices
    assert (counts.reported, counts.fetched, counts.residual) == (1000, 1000, 0)


PACKED = {
    "plain": TEXT,
    "gzip": gzip.compress(TEXT),
    "gzip of several members": gzip.compress(TEXT[:1]) + gzip.compress(TEXT[1:5000]) + gzip.compress(TEXT[5000:]),
    "zip": zipped(**{"sales.txt": TEXT}),
    "zip of several": zipped(**{"b.txt": TEXT[5000:], "a/a.txt": TEXT[:5000], "__MACOSX/x": b"x", "a/": b""}),
}


@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
def test_what_is_packed_is_landed_unpacked(landing: MemoryLanding, tmp_path: Path, packed: bytes) -> None:
    (tmp_path / "sales.txt").write_bytes(packed)
    (file,) = land(landing, tmp_path).files
    assert landed(landing) == TEXT
    assert (file.size, file.records) == (len(packed), 1000)


def test_files_of_one_name_pattern_are_one_entity(landing: MemoryLanding, tmp_path: Path) -> None:
    for name, text in {"s-2.txt": b"2||\n", "s-1.txt": b"1||\n", "t.txt": b"3||\n"}.items():
        (tmp_path / name).write_bytes(text)
    extracted = land(landing, tmp_path, "s-*.txt")
    assert landed(landing) == b"1||\n2||\n"
    assert [file.uri.rpartition("/")[2] for file in extracted.files] == ["s-1.txt", "s-2.txt"]


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
        ((403, {}), Refused),
        ((302, {"Location": "http://example.com/sales.txt"}), Refused),
        ((302, {"Location": "file:///etc/passwd"}), Refused),
        ((200, {"Content-Length": "999999"}), Unreachable),
        ((302, {"Location": "/sales.txt"}), Unreachable),
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
    with pytest.raises(Refused, match="https://"):
        land(landing, location)


SLOW = 30
"""Seconds after which a test fails that waits for a byte after a byte."""


def test_a_download_that_drips_is_given_up_at_its_deadline(landing: MemoryLanding, server: FileServer) -> None:
    server.files["sales.txt"] = TEXT
    server.drips.add("sales.txt")
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"took longer than 0\.2 s"):
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
    with pytest.raises(Unreachable, match=r"s3://drop/sales\.txt took longer than 0\.2 s"):
        land(landing, "s3://drop", bucket=S3Files(S3()), limits=Limits(deadline_s=0.2))
    assert time.monotonic() - began < SLOW


def test_an_object_that_breaks_off_is_no_file(
    landing: MemoryLanding, server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(name, value)
    server.files["drop/sales.txt"] = TEXT
    server.answers["drop/sales.txt"] = [(200, {"Content-Length": str(len(TEXT) + 1)})]
    with pytest.raises(AwsUnreachable, match=r"s3://drop/sales\.txt"):
        land(landing, "s3://drop", bucket=S3Files(S3()))
    assert not landing.objects


def test_the_web_cannot_be_listed(landing: MemoryLanding, server: FileServer) -> None:
    with pytest.raises(Refused, match="cannot be listed"):
        land(landing, server.url, "*.txt")


def test_what_is_not_there_is_named(landing: MemoryLanding, tmp_path: Path) -> None:
    for folder, pattern in ((tmp_path, "sales.txt"), (tmp_path, "*.txt"), (tmp_path / "none", "*")):
        with pytest.raises(NoSuchFile, match=str(tmp_path)):
            land(landing, folder, pattern)


@pytest.mark.parametrize(
    ("uri", "told"),
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
def test_messages_hold_no_secret(uri: str, told: str) -> None:
    assert shown(uri) == told


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
    told = ""
    try:
        told = json.dumps(land(landing, location).as_dict())
    except FilesError as error:
        told = "".join(traceback.format_exception(error))
    assert (status == 200) == bool(landing.objects)
    assert f"{server.url}/data/sales.txt" in told
    assert any(record.name.startswith("urllib3") for record in caplog.records)
    assert "hush" not in f"{told} {caplog.text} {landing.requests} {landing.slices} {list(landing.objects)}"
    assert all("token" in query or "X-Amz-Signature=hush" in query for query in server.queries)


@pytest.mark.parametrize("location", ["https://me:hush@[host", "s3://key:hush@bucket/x", "https:/me:hush@host", ""])
def test_a_location_that_is_none_is_refused_without_its_secrets(landing: MemoryLanding, location: str) -> None:
    with pytest.raises(FilesError) as caught:
        land(landing, location, bucket=OneFile(1))
    assert "hush" not in "".join(traceback.format_exception(caught.value))


def test_a_file_of_another_machine_is_not_looked_for_on_this_one(landing: MemoryLanding) -> None:
    with pytest.raises(Refused, match="file:///"):
        land(landing, "file://host/data")


def test_a_pipe_is_no_file(landing: MemoryLanding, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "sales.txt")
    with pytest.raises(NoSuchFile):
        land(landing, tmp_path)


@pytest.mark.parametrize("name", ["a\nb.txt", "a\udcff.txt"])
def test_a_name_that_cannot_be_told_is_refused(landing: MemoryLanding, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(TEXT)
    with pytest.raises(Refused, match="rename"):
        land(landing, tmp_path, "*.txt")


# --- archives that are none, or too much ------------------------------------------------------------------------------
def encrypted() -> bytes:
    body = bytearray(zipped(**{"sales.txt": TEXT}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + place] |= 1
    return bytes(body)


def overlapping() -> bytes:
    """A zip whose members are all the same compressed bytes: each looks harmless, together they are a bomb."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", NOTHING[: _HARMLESS // 2])
        for number in range(1, 4):
            again = zipfile.ZipInfo.from_file(__file__, str(number))
            first = archive.infolist()[0]
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(again, name, getattr(first, name))
            again.orig_filename = first.filename
            archive.filelist.append(again)
    return out.getvalue()


NOTHING = (b" " * 65_535 + b"\n") * (_HARMLESS // 65_536 + 1)
BAD_ARCHIVES: dict[str, tuple[bytes, type[FilesError], str]] = {
    "gzip that breaks off": (gzip.compress(TEXT)[:-20], Corrupt, "broken"),
    "gzip with wrong bytes": (gzip.compress(TEXT)[:200] + b"\xff" * 50 + gzip.compress(TEXT)[250:], Corrupt, "broken"),
    "gzip with rubbish behind": (gzip.compress(TEXT) + b"rubbish", Corrupt, "broken"),
    "zip that breaks off": (zipped(**{"sales.txt": TEXT})[:-20], Corrupt, "broken"),
    "zip with wrong bytes": (zipped(x=TEXT)[:100] + b"\xff" * 50 + zipped(x=TEXT)[150:], Corrupt, "broken"),
    "empty zip": (zipped(), Refused, "without a file"),
    "encrypted zip": (encrypted(), Refused, "password"),
    "zip that leads up": (zipped(**{"../sales.txt": TEXT}), Refused, "leads outside"),
    "zip that leads to a root": (zipped(**{"/etc/sales.txt": TEXT}), Refused, "leads outside"),
    "zip of another method": (zipped(method=zipfile.ZIP_BZIP2, x=TEXT), Refused, "method 12"),
    "zip in a zip": (zipped(x=zipped(y=TEXT)), Refused, "packed twice: x contains"),
    "gzip in a zip": (zipped(x=gzip.compress(TEXT)), Refused, "packed twice: x contains"),
    "zip in a gzip": (gzip.compress(zipped(x=TEXT)), Refused, "packed twice"),
    "gzip in a gzip": (gzip.compress(gzip.compress(TEXT)), Refused, "packed twice"),
    "zip of many": (zipped(**{str(number): b"" for number in range(1001)}), TooLarge, "more than 1,000 files"),
    "zip of a great many": (zipped(**{f"{n:0>200}": b"" for n in range(6000)}), TooLarge, "more than 1,000 files"),
    "gzip bomb": (gzip.compress(NOTHING, 1), TooLarge, "bomb"),
    "zip bomb": (zipped(**{"sales.txt": NOTHING}), TooLarge, "bomb"),
}


@pytest.mark.parametrize("name", BAD_ARCHIVES)
def test_bad_archives_are_refused_in_words(landing: MemoryLanding, tmp_path: Path, name: str) -> None:
    packed, error, words = BAD_ARCHIVES[name]
    (tmp_path / "sales.txt").write_bytes(packed)
    with pytest.raises(error, match=words) as caught:
        land(landing, tmp_path, limits=Limits())
    assert str(tmp_path) in str(caught.value)


def test_members_that_share_their_bytes_are_counted_each(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(overlapping())
    with pytest.raises((TooLarge, Corrupt)):
        land(landing, tmp_path, limits=Limits())


def test_a_file_over_the_limit_is_refused(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    with pytest.raises(TooLarge, match="larger than 100 bytes"):
        land(landing, tmp_path, limits=Limits(bytes=100))


def test_a_directory_of_a_zip_is_not_read_before_it_is_measured(landing: MemoryLanding, tmp_path: Path) -> None:
    """Its entries would be objects, far larger than the file."""
    (tmp_path / "sales.txt").write_bytes(BAD_ARCHIVES["zip of a great many"][0])
    tracemalloc.start()
    with pytest.raises(TooLarge):
        land(landing, tmp_path, limits=Limits())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**22


@pytest.mark.parametrize("name", ["gzip bomb", "zip bomb"])
def test_a_bomb_is_met_in_little_memory(tmp_path: Path, name: str) -> None:
    (tmp_path / "sales.txt").write_bytes(BAD_ARCHIVES[name][0])
    landing = Nowhere()
    tracemalloc.start()
    with pytest.raises(TooLarge):
        land(landing, tmp_path, limits=Limits(part_bytes=2**20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert landing.landed > _HARMLESS - 2**21
    assert peak < 2**23


def test_a_bomb_that_a_server_calls_an_encoding_is_met_in_little_memory_and_room(server: FileServer) -> None:
    """Ten times as much would come out as is looked at before the ratio is."""
    server.files["sales.txt"] = gzip.compress(NOTHING * 10, 1)
    server.answers["sales.txt"] = [(200, {"Content-Encoding": "gzip"})]
    landing = Nowhere()
    tracemalloc.start()
    with pytest.raises(TooLarge, match=rf"come out of the [\d,]+ that arrived of {server.url}/sales.txt"):
        land(landing, server.url, limits=Limits())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert landing.landed == 0
    assert peak < 2**24


def test_what_a_server_packs_well_is_no_bomb(landing: MemoryLanding, server: FileServer) -> None:
    """More than 64 MiB of text of which gzip makes a tenth."""
    text = b"".join(b"%d|%08d|%s\n" % (n, n * 7919 % 10**8, b"x" * 100) for n in range(600_000))
    assert len(text) > _HARMLESS
    server.files["sales.txt"] = gzip.compress(text, 1)
    server.answers["sales.txt"] = [(200, {"Content-Encoding": "gzip"})]
    assert land(landing, server.url, limits=Limits()).files[0].size == len(text)


@pytest.mark.parametrize("packed", [gzip.compress(TEXT), zipped(x=TEXT[:5000], y=TEXT[5000:])], ids=["gzip", "zip"])
def test_what_is_unpacked_counts_against_the_limit(landing: MemoryLanding, tmp_path: Path, packed: bytes) -> None:
    (tmp_path / "sales.txt").write_bytes(packed)
    assert land(landing, tmp_path, limits=Limits(bytes=len(TEXT))).files[0].records == 1000
    with pytest.raises(TooLarge, match=f"{len(TEXT) - 1:,} bytes come out"):
        land(MemoryLanding(), tmp_path, limits=Limits(bytes=len(TEXT) - 1))


def test_a_limit_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="part_bytes is 0"):
        Limits(part_bytes=0)


# --- many files -------------------------------------------------------------------------------------------------------
def many(folder: Path, count: int) -> None:
    for number in range(count):
        (folder / f"s-{number:04d}.txt").write_bytes(b"%d||\n" % number)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_many_files_take_few_descriptors(tmp_path: Path) -> None:
    class Counting(MemoryLanding):
        most = 0

        def land(self, name: str, body: bytes, **rest: Any) -> None:
            self.most = max(self.most, open_files())
            super().land(name, body, **rest)

    many(tmp_path, 200)
    landing, before = Counting(), open_files()
    extracted = land(landing, tmp_path, "s-*.txt")
    assert landed(landing) == b"".join(b"%d||\n" % number for number in range(200))
    assert sum(file.records or 0 for file in extracted.files) == 200
    assert landing.most <= before + 3


@pytest.mark.parametrize(
    ("limits", "words"),
    [(Limits(files=9), r"more than 9 files s-\*\.txt"), (Limits(total_bytes=39), "larger than 39 bytes together")],
)
def test_more_files_than_allowed_are_refused_before_any_is_landed(
    landing: MemoryLanding, tmp_path: Path, limits: Limits, words: str
) -> None:
    many(tmp_path, 10)
    with pytest.raises(TooLarge, match=words) as caught:
        land(landing, tmp_path, "s-*.txt", limits=limits)
    assert str(tmp_path) in str(caught.value)
    assert not landing.objects
    land(landing, tmp_path, "s-*.txt", limits=Limits(files=10, total_bytes=40))


def test_parts_beyond_those_that_names_keep_in_order_are_refused(
    landing: MemoryLanding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    monkeypatch.setattr(sys.modules["sources.files.extract"], "_LAST_PART", 5)
    with pytest.raises(TooLarge, match="more than 6 parts"):
        land(landing, tmp_path)


def test_a_disk_that_is_full_is_told(landing: MemoryLanding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    with Path("/dev/full").open("wb", buffering=0) as full:
        monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: full)
        with pytest.raises(TooLarge, match="TMPDIR"):
            land(landing, tmp_path)


# --- what is told -----------------------------------------------------------------------------------------------------
def test_what_became_of_the_files_is_json_for_the_manifest(landing: MemoryLanding, tmp_path: Path) -> None:
    many(tmp_path, 2)
    extracted = land(landing, tmp_path, "s-*.txt")
    told = extracted.as_dict()
    assert json.loads(json.dumps(told)) == told
    shas = [hashlib.sha256(text).hexdigest() for text in (b"0||\n", b"1||\n")]
    assert told == {
        "entity": "sales",
        "digest": extracted.digest,
        "is_unchanged": False,
        "files": [
            {
                "uri": str(tmp_path / f"s-000{number}.txt"),
                "sha256": sha,
                "size": 4,
                "encoding": "utf-8",
                "parts": 1,
                "records": 1,
                "ending": {"has_line_end": True, "is_whole": True},
            }
            for number, sha in enumerate(shas)
        ],
    }
    again = land(landing, tmp_path, "s-*.txt", earlier={"sales": extracted}).as_dict()
    assert again["is_unchanged"]
    assert [(file["sha256"], file["parts"], file["records"]) for file in again["files"]] == [
        (sha, 0, None) for sha in shas
    ]


def test_every_file_is_told_in_the_log(
    landing: MemoryLanding, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    (tmp_path / "sales.txt").write_bytes(TEXT)
    file = tmp_path / "sales.txt"
    extracted = land(landing, tmp_path)
    parts = extracted.files[0].parts
    land(landing, tmp_path, earlier={"sales": extracted})
    assert caplog.messages == [
        f"sales: {file} ({len(TEXT):,} bytes) is landed: 1,000 records in {parts} parts",
        f"sales: {file} ({len(TEXT):,} bytes) did not change",
    ]
    caplog.clear()
    monkeypatch.setattr(progress, "EVERY_S", -1.0)
    land(landing, tmp_path)
    assert caplog.messages[0] == f"copying {file}: {len(TEXT):,} bytes so far"
    assert sum(message.startswith(f"sales: landing {file}: ") for message in caplog.messages) == parts


def test_what_looks_packed_and_is_text_is_text(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.gz").write_bytes(TEXT)
    land(landing, tmp_path, "sales.gz")
    assert landed(landing) == TEXT


def test_an_unknown_packing_is_no_text_that_is_complete(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(bz2.compress(TEXT))
    with pytest.raises(Incomplete, match="not a whole record"):
        land(landing, tmp_path)


# --- again ------------------------------------------------------------------------------------------------------------
def test_what_did_not_change_is_not_landed_again(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    first = land(landing, tmp_path)
    later = MemoryLanding()
    second = land(later, tmp_path, earlier={"sales": first})
    assert (second.is_unchanged, second.digest, later.objects) == (True, first.digest, {})
    (tmp_path / "sales.txt").write_bytes(TEXT.replace(b"9.50", b"9.51", 1))
    third = land(later, tmp_path, earlier={"sales": first})
    assert not third.is_unchanged
    assert landed(later) == TEXT.replace(b"9.50", b"9.51", 1)


@pytest.mark.parametrize("changes", [False, True])
def test_a_landing_that_was_killed_is_resumed(landing: MemoryLanding, tmp_path: Path, changes: bool) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    landing.dies_at = 7
    with pytest.raises(KilledError):
        land(landing, tmp_path)
    landing.next_attempt()
    before, landing.landed = set(landing.names("sales")), 0
    text = TEXT.replace(b"9.50", b"9.51", 1) if changes else TEXT
    (tmp_path / "sales.txt").write_bytes(text)
    extracted = land(landing, tmp_path)
    names = set(landing.names("sales"))
    assert landed(landing) == text
    assert landing.landed == extracted.files[0].parts - (0 if changes else 6)
    assert before.isdisjoint(names) if changes else before < names


def test_the_manifest_lists_the_file_that_was_found_last(lake: Lake, tmp_path: Path) -> None:
    def attempt(number: int) -> RawLanding:
        raw = RawLanding(lake, "shop", RunId("shop_load", date(2026, 1, 1)), ["sales"])
        (tmp_path / "sales.txt").write_bytes(b"%d||\n" % number * 900)
        extract(raw, sales(), str(tmp_path), limits=SMALL)
        return raw

    attempt(1)
    manifest = attempt(2).finish()["sales"]
    assert manifest.records == 900
    assert len({raw.name.split("-")[-2] for raw in manifest.objects}) == 1
    assert {raw.file for raw in manifest.objects} == {str(tmp_path / "sales.txt")}
    assert len(list(lake.list("raw/"))) > len(manifest.objects)  # what was landed first is left where it is


def test_parts_of_other_bytes_under_one_name_are_an_error(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(TEXT)
    raw = RawLanding(lake, "shop", RunId("shop_load", date(2026, 1, 1)), ["sales"])
    extract(raw, sales(), str(tmp_path), limits=SMALL)
    with pytest.raises(RawDataChanged):
        extract(raw, sales(), str(tmp_path), limits=Limits(part_bytes=2000))


def test_a_file_without_records_is_an_accident_unless_said_otherwise(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(b"\r\n")
    with pytest.raises(EmptyFile, match=r"sales\.txt"):
        land(landing, tmp_path)
    extract(landing, sales(may_be_empty=True), str(tmp_path))
    assert landed(landing) == b"\r\n"


def test_a_document_is_one_object(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(b'[\n{"id": 1},\n{"id": 2}\n]')
    (extracted,) = extract(landing, sales(form=Json()), str(tmp_path), limits=SMALL)
    assert (len(landing.objects), extracted.files[0].records, landing.slices) == (1, None, [])


def test_a_name_is_made_safe_for_the_lake(lake: Lake, tmp_path: Path) -> None:
    name = "..Umsätze (2008) ..v2/.txt".replace("/", "_")
    (tmp_path / name).write_bytes(TEXT)
    raw = RawLanding(lake, "shop", RunId("shop_load", date(2026, 1, 1)), ["sales"])
    extract(raw, sales("*"), str(tmp_path))
    assert [found.name.rsplit("-", 2)[0] for found in raw.finish()["sales"].objects] == ["sales/Ums-tze-2008-v2_.txt"]


class Endless(io.RawIOBase):
    """A file of many lines that is never in memory."""

    def __init__(self, megabytes: int) -> None:
        self._blocks = iter([TEXT * 44] * megabytes)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._rest = self._rest or next(self._blocks, b"")
        block, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(block)] = block
        return len(block)


class OneFile:
    """A store of one file."""

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes

    def open(self, uri: str) -> Any:
        return io.BufferedReader(Endless(self._megabytes))

    def list(self, location: str) -> Any:
        raise AssertionError


class Nowhere(MemoryLanding):
    """Counts what is landed and keeps nothing."""

    def land(self, name: str, body: bytes, **rest: Any) -> None:
        self.landed += len(body)


def test_memory_does_not_grow_with_the_file() -> None:
    peaks = []
    for megabytes in (12, 30):
        landing = Nowhere()
        tracemalloc.start()
        extract(landing, sales(), "s3://b/x", bucket=OneFile(megabytes), limits=Limits(part_bytes=2**18))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert landing.landed == len(TEXT) * 44 * megabytes
    assert peaks[1] < peaks[0] * 1.05


def test_parts_are_validated_as_the_file_that_they_are(landing: MemoryLanding, tmp_path: Path) -> None:
    """Header in the first part alone, lines counted on."""
    lines = [b"price,id,buyer", *(b'1.5,%d,"b\n%d"' % (number, number) for number in range(300)), b"x,300,y"]
    (tmp_path / "sales.txt").write_bytes(b"\n".join(lines))
    form = Delimited(COLUMNS, header=True)
    extract(landing, sales(form=form), str(tmp_path), limits=SMALL)
    bodies = [Body(name, landing.objects[name], landing.requests[name]["file"]) for name in landing.names("sales")]
    out = tmp_path / "out"
    report = validate(bodies, shop(form), "sales", out, Lineage("run", datetime(2026, 1, 1, tzinfo=UTC)))
    assert (report.objects, report.curated_records, report.quarantined_records) == (len(bodies), 300, 1)
    assert len(bodies) > 3
    text = gzip.decompress(report.quarantine_files[0].path.read_bytes()).decode()
    assert '"line": 602' in text
    assert f'"file": "{tmp_path / "sales.txt"}"' in text
