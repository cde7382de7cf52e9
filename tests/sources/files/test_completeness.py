"""A run waits for a file that is still being written, or refuses it with a message; it loads a complete file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from schemas.formats import Delimited, Format, JsonLines
from schemas.tickit import SOURCE
from sources.files import EntityFiles, Extracted, Incomplete, Limits, Unsettled, extract, stores
from tests.fixtures.landing import MemoryLanding
from tests.sources.files.conftest import FileServer

NOW = 1_800_000_000.0
SALE = "{number}\t1\t36861\t21191\t7872\t1875\t4\t728.00\t109.20\t2/18/2008 02:36:48"
SALES = [SALE.format(number=number) for number in range(1, 400)]
WHOLE = ("\n".join(SALES) + "\n").encode()


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_now", lambda: NOW)


def write(folder: Path, body: bytes, *, age: float = 3600, name: str = "sales.txt") -> None:
    (folder / name).write_bytes(body)
    os.utime(folder / name, (NOW - age, NOW - age))


def land(folder: Path | str, *, pattern: str = "sales.txt", form: Format | None = None, **options: Any) -> Extracted:
    form = form or SOURCE.format("sales")
    record = SOURCE.record("sales") if form == SOURCE.format("sales") else None
    (extracted,) = extract(
        MemoryLanding(), [EntityFiles("sales", pattern, form, record=record)], str(folder), **options
    )
    return extracted


class TestAFileThatChangedAMomentAgo:
    def test_is_waited_for_until_it_has_been_left_alone(self, tmp_path: Path) -> None:
        write(tmp_path, WHOLE, age=10)
        with pytest.raises(Unsettled, match=r"sales\.txt changed 10 s ago: it may still be written") as later:
            land(tmp_path)
        assert later.value.settles_in == pytest.approx(20)
        write(tmp_path, WHOLE, age=30)
        assert land(tmp_path).files[0].records == 399

    def test_is_loaded_where_no_time_is_asked_for(self, tmp_path: Path) -> None:
        write(tmp_path, WHOLE, age=0)
        assert land(tmp_path, limits=Limits(settle_s=0)).files[0].records == 399

    def test_is_loaded_when_its_time_lies_in_the_future(self, tmp_path: Path) -> None:
        write(tmp_path, WHOLE, age=-86_400)
        assert land(tmp_path).files[0].records == 399

    @pytest.mark.parametrize("change", ["grows", "is replaced", "is deleted"])
    def test_counts_as_such_when_it_changes_while_it_is_read(self, tmp_path: Path, change: str) -> None:
        write(tmp_path, WHOLE)
        path = tmp_path / "sales.txt"
        with pytest.raises(Unsettled, match="changed while it was read"), stores.LocalFolder(30).open(str(path)):
            if change == "grows":
                path.write_bytes(WHOLE + b"1")
            elif change == "is replaced":
                write(tmp_path, WHOLE, name="new")
                (tmp_path / "new").rename(path)
            else:
                path.unlink()

    def test_is_told_by_a_server_too(self, server: FileServer) -> None:
        server.files["sales.txt"] = WHOLE
        moment = "Mon, 30 Nov 2026 10:00:{:02d} GMT"
        headers = {"Last-Modified": moment.format(0), "Date": moment.format(12)}
        server.answers["sales.txt"] = [(200, headers), (200, headers | {"Date": moment.format(31)}), (200, {})]
        with pytest.raises(Unsettled, match="changed 12 s ago"):
            land(server.url)
        assert land(server.url).files[0].records == 399
        assert land(server.url).files[0].records == 399  # it does not say since when


class TestALastLineWithoutAnEnd:
    @pytest.mark.parametrize("cut", [3, 20, 40, 61])
    def test_is_refused_where_its_record_is_torn(self, tmp_path: Path, cut: int) -> None:
        write(tmp_path, WHOLE[: len(WHOLE) * 6 // 10 // 75 * 75 - 30] + SALES[0][:cut].encode())
        with pytest.raises(Incomplete, match=r"sales\.txt has no line end and is not a whole record.*--accept-drop"):
            land(tmp_path)

    def test_is_loaded_where_its_record_is_whole(self, tmp_path: Path) -> None:
        write(tmp_path, WHOLE.removesuffix(b"\n"))
        first = land(tmp_path)
        assert first.files[0].records == 399
        write(tmp_path, WHOLE + SALES[0].encode())
        assert land(tmp_path, earlier={"sales": first}).files[0].records == 400

    def test_is_refused_where_the_file_had_one_before(self, tmp_path: Path) -> None:
        write(tmp_path, WHOLE)
        first = Extracted.from_dict(land(tmp_path).as_dict())
        unchanged = land(tmp_path, earlier={"sales": first})
        write(tmp_path, WHOLE.removesuffix(b"\n"))
        with pytest.raises(Incomplete, match="had one when the file was last landed"):
            land(tmp_path, earlier={"sales": unchanged})

    def test_is_refused_where_the_files_beside_it_have_one(self, tmp_path: Path) -> None:
        write(tmp_path, WHOLE, name="sales-1.txt")
        write(tmp_path, WHOLE.removesuffix(b"\n"), name="sales-2.txt")
        with pytest.raises(Incomplete, match=r"sales-2\.txt has no line end; the entity's other files have one"):
            land(tmp_path, pattern="sales-*.txt")

    def test_is_loaded_where_a_person_says_so(self, tmp_path: Path) -> None:
        write(tmp_path, WHOLE + b"1\t2")
        assert land(tmp_path, accept_drop=True).files[0].records == 400

    @pytest.mark.parametrize(
        ("form", "body", "is_whole"),
        [
            (Delimited(("id", "name")), b'1,"a\nb"\n2,"c\nd"', True),
            (Delimited(("id", "name")), b'1,"a\nb"\n2,"c\nd', False),
            (Delimited(("id", "name"), header=True), b"NAME,ID\na,1\nb,2", True),
            (Delimited(("id", "name"), header=True), b"NAME,ID\na,1\nb", False),
            (Delimited(("id", "name"), encoding="utf-16"), "1,a\n2,b".encode("utf-16"), True),
            (Delimited(("id", "name"), encoding="utf-16"), "1,a\n2".encode("utf-16"), False),
            (Delimited(("id", "name")), b"1,a\n2,\0\0\0\0", False),
            (JsonLines(), b'{"id": 1}\n{"id": 2}', True),
            (JsonLines(), b'{"id": 1}\n{"id": ', False),
            (JsonLines(), b'{"id": 1}\n  ', True),
        ],
    )
    def test_is_looked_at_as_the_format_has_it(self, tmp_path: Path, form: Format, body: bytes, is_whole: bool) -> None:
        write(tmp_path, body)
        if is_whole:
            assert land(tmp_path, form=form).files[0].records == 2 - (b"  " in body)
        else:
            with pytest.raises(Incomplete, match="not a whole record"):
                land(tmp_path, form=form)


class TestAFileThatShrank:
    def test_is_refused_with_both_sizes(self, tmp_path: Path) -> None:
        write(tmp_path, WHOLE)
        first = land(tmp_path)
        write(tmp_path, WHOLE[: WHOLE.index(b"\n", len(WHOLE) * 6 // 10) + 1])
        with pytest.raises(Incomplete, match=rf"60% of the {len(WHOLE):,} that it had when it was last landed"):
            land(tmp_path, earlier={"sales": first})
        assert land(tmp_path, earlier={"sales": first}, accept_drop=True).files[0].records < 300

    def test_by_little_is_loaded(self, tmp_path: Path) -> None:
        write(tmp_path, WHOLE)
        first = land(tmp_path)
        write(tmp_path, WHOLE[: WHOLE.index(b"\n", len(WHOLE) * 8 // 10) + 1])
        assert land(tmp_path, earlier={"sales": first}).files[0].records > 300
