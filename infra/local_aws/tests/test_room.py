"""Whole files or nothing on a disk without room, and what is written later."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local_aws.room import Later, append_whole, is_full, require_room, write_whole
from infra.local_aws.tests.conftest import eventually
from infra.local_aws.tests.small_disk import SmallDisk, mounted

LARGE = b"x" * 100_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with mounted(tmp_path / "disk", megabytes=1) as small:
        yield small


@pytest.fixture
def later() -> Iterator[Later]:
    later_writes = Later()
    yield later_writes
    later_writes.close()


def test_a_file_is_replaced_whole_or_stays_alone(disk: SmallDisk) -> None:
    path = disk.folder / "file"
    write_whole(path, b"old")
    disk.fill(leave=20_000)
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(path, LARGE)
    assert is_full(caught.value)
    assert path.read_bytes() == b"old"
    assert {entry.name for entry in disk.folder.iterdir()} == {"file", "filling"}
    disk.empty()
    write_whole(path, LARGE)
    assert path.read_bytes() == LARGE


def test_what_is_added_is_added_whole_or_not_at_all(disk: SmallDisk) -> None:
    path = disk.folder / "file"
    path.write_bytes(b"old\n")
    disk.fill(leave=20_000)
    with path.open("ab", buffering=0) as file:
        with pytest.raises(OSError, match="No space left"):
            append_whole(file, LARGE)
        assert path.read_bytes() == b"old\n"
        append_whole(file, b"new\n")
    assert path.read_bytes() == b"old\nnew\n"


def test_room_is_asked_for(disk: SmallDisk) -> None:
    disk.fill(leave=20_000)
    require_room(disk.folder, 10_000)
    with pytest.raises(OSError, match="30,000 bytes are needed") as caught:
        require_room(disk.folder, 30_000)
    assert is_full(caught.value)


def test_what_had_no_room_is_written_later_unless_it_is_forgotten(
    disk: SmallDisk, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    disk.fill()
    for name in ("kept", "forgotten"):
        later.write(name, lambda name=name: write_whole(disk.folder / name, LARGE))  # type: ignore[misc]
        later.write(name, lambda name=name: write_whole(disk.folder / name, LARGE))  # type: ignore[misc]
    later.forget("forgotten")
    assert not (disk.folder / "kept").exists()
    disk.empty()
    eventually((disk.folder / "kept").exists, seconds=10)
    later.close()
    assert not (disk.folder / "forgotten").exists()
    assert len([entry for entry in caplog.messages if entry.startswith("kept could not be written")]) == 1
    assert "kept has been written now" in caplog.messages
