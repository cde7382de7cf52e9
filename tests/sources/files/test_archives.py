"""Packed files are unpacked while they are read, and refused if they are broken, encrypted or bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from sources.files import (
    Corrupt,
    FilesError,
    Incomplete,
    Limits,
    LocationRefused,
    TooLarge,
)
from sources.files.limits import _HARMLESS
from tests.fixtures.landing import MemoryLanding
from tests.sources.files.conftest import FileServer
from tests.sources.files.files import TEXT, Nowhere, land, landed, zipped

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
    "empty zip": (zipped(), LocationRefused, "without a file"),
    "encrypted zip": (encrypted(), LocationRefused, "password"),
    "zip that leads up": (zipped(**{"../sales.txt": TEXT}), LocationRefused, "leads outside"),
    "zip that leads to a root": (zipped(**{"/etc/sales.txt": TEXT}), LocationRefused, "leads outside"),
    "zip of another method": (zipped(method=zipfile.ZIP_BZIP2, x=TEXT), LocationRefused, "method 12"),
    "zip in a zip": (zipped(x=zipped(y=TEXT)), LocationRefused, "packed twice: x contains"),
    "gzip in a zip": (zipped(x=gzip.compress(TEXT)), LocationRefused, "packed twice: x contains"),
    "zip in a gzip": (gzip.compress(zipped(x=TEXT)), LocationRefused, "packed twice"),
    "gzip in a gzip": (gzip.compress(gzip.compress(TEXT)), LocationRefused, "packed twice"),
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
    """The file unpacks to ten times the size that is read before the ratio is checked."""
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
    """More than 64 MiB of text, which gzip reduces to a tenth."""
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


def test_what_looks_packed_and_is_text_is_text(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.gz").write_bytes(TEXT)
    land(landing, tmp_path, "sales.gz")
    assert landed(landing) == TEXT


def test_an_unknown_packing_is_no_text_that_is_complete(landing: MemoryLanding, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_bytes(bz2.compress(TEXT))
    with pytest.raises(Incomplete, match="not a whole record"):
        land(landing, tmp_path)
