"""Keys as files: what is stored where, what is hidden, what is refused."""

import pytest

from infra.local_aws.s3.disk import S3Disk, UnstorableKey


def put(disk: S3Disk, *keys: str) -> None:
    for key in keys:
        disk.write("lake", key, [key.encode("utf-8", "replace")])


def test_an_object_is_the_plain_file_its_key_names(disk: S3Disk) -> None:
    put(disk, "raw/events/page=1.json")
    assert (disk.root / "lake/raw/events/page=1.json").read_text() == "raw/events/page=1.json"


@pytest.mark.parametrize(
    "key",
    ["../../etc/passwd", "/abs", "a//b", "folder/", ".hidden/x", "a/./b", ".key~x", "d=a%3Ab/p", "ü ☃", "%~", "~"],
)
def test_awkward_keys_stay_inside_the_bucket_and_come_back_unchanged(disk: S3Disk, key: str) -> None:
    put(disk, key)
    path = disk.path_of("lake", key)
    assert path.resolve().is_relative_to(disk.root / "lake")
    assert path.read_text() == key
    assert list(disk.keys("lake")) == [key]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("x" * 256, "KeyTooLongError"),
        ("a/" * 600, "KeyTooLongError"),
        ("a\0b", "InvalidArgument"),
        ("\ud800", "Invalid"),
    ],
)
def test_keys_that_cannot_be_files_are_refused(disk: S3Disk, key: str, code: str) -> None:
    with pytest.raises(UnstorableKey) as refused:
        put(disk, key)
    assert refused.value.code.startswith(code)


def test_a_key_cannot_be_file_and_folder_at_once(disk: S3Disk) -> None:
    put(disk, "a", "b/c")
    with pytest.raises(UnstorableKey, match="already a key"):
        put(disk, "a/b")
    with pytest.raises(UnstorableKey, match="their folder"):
        put(disk, "b")
    assert sorted(disk.keys("lake")) == ["a", "b/c"]
    assert list((disk.root / ".incoming").iterdir()) == []


def test_deleting_removes_the_folders_left_empty_so_that_their_name_is_free(disk: S3Disk) -> None:
    put(disk, "b/c/d")
    assert disk.delete("lake", "b/c/d")
    assert not disk.delete("lake", "b/c/d")
    put(disk, "b")
    assert list(disk.keys("lake")) == ["b"]


def test_dot_files_and_half_written_objects_are_no_objects(disk: S3Disk) -> None:
    put(disk, "x/part-0")
    (disk.root / "lake/x/.part-0.crc").write_text("checksum")
    assert list(disk.keys("lake")) == ["x/part-0"]

    def breaks() -> object:
        yield b"half"
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        disk.write("lake", "x/part-1", breaks())  # type: ignore[arg-type]
    assert list(disk.keys("lake")) == ["x/part-0"]
    assert list((disk.root / ".incoming").iterdir()) == []


def test_prefixes_and_markers_select_keys(disk: S3Disk) -> None:
    put(disk, "a/1", "a/2", "a-b", "a/sub/3", "b/1")
    assert sorted(disk.keys("lake", "a")) == ["a-b", "a/1", "a/2", "a/sub/3"]
    assert sorted(disk.keys("lake", "a/s")) == ["a/sub/3"]
    assert sorted(disk.keys("lake", "a/", start_after="a/1")) == ["a/2", "a/sub/3"]
    assert sorted(disk.keys("lake", "", start_after="a/sub/2")) == ["a/sub/3", "b/1"]


def test_one_level_shows_keys_and_folders_that_hold_something(disk: S3Disk) -> None:
    put(disk, "a/1", "a/sub/3")
    (disk.root / "lake/a/empty/inner").mkdir(parents=True)
    assert disk.level("lake", "a/") == (["a/1"], ["a/sub/"])
    assert disk.level("lake", "") == ([], ["a/"])


@pytest.mark.parametrize("name", ["", "..", ".incoming", "a/b"])
def test_a_bucket_name_cannot_leave_the_root(disk: S3Disk, name: str) -> None:
    with pytest.raises(UnstorableKey):
        disk.path_of(name, "key")
