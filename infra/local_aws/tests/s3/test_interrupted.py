"""Puts and deletes of versions that end between any two of their steps: neither the old nor the new is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.local_aws.s3.store import S3Store
from infra.local_aws.tests.s3.conftest import BUCKET

KEY = "k"


class Killed(BaseException):
    """The process ended here."""


def put(store: S3Store, text: str, versioning: str | None = "Enabled") -> str:
    return store.versions.put(BUCKET, KEY, versioning, [text.encode()], {"etag": text}).id


def texts(store: S3Store) -> list[str]:
    """The versions of the key, newest first, read from its files. Each must have the ETag that it was put with."""
    version_texts = []
    for version in store.versions.history(BUCKET, KEY):
        if version.is_delete_marker:
            version_texts.append("marker")
            continue
        plain = store.disk.path_of(BUCKET, KEY)
        text = (store.disk.version_path(BUCKET, version.file) if version.file else plain).read_text()
        assert version.details.get("etag", text) == text
        version_texts.append(text)
    return version_texts


def steps(store: S3Store) -> list[tuple[Any, str]]:
    """The methods that change disk or index."""
    return [
        *((store.disk, name) for name in ("link_version", "place", "restore_version", "delete", "drop_versions")),
        *((store.index, name) for name in ("remember", "forget", "add_version", "remove_versions")),
    ]


def interrupted(store: S3Store, act: Callable[[], Any], after: int) -> bool:
    """Acts, and is killed after some steps. True if it was; False if it had no more than those."""
    done = 0

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            nonlocal done
            if done == after:
                raise Killed
            done += 1
            return step(*arguments)

        return run

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in steps(store):
            patch.setattr(owner, name, counted(getattr(owner, name)))
        try:
            act()
        except Killed:
            return True
    return False


ACTS: dict[str, tuple[Callable[[S3Store], Any], list[list[str]]]] = {
    "put": (lambda store: put(store, "new"), [["two", "one", "zero"], ["new", "two", "one", "zero"]]),
    "put-suspended": (
        lambda store: put(store, "new", "Suspended"),
        [["two", "one", "zero"], ["new", "two", "one"]],
    ),
    "delete": (
        lambda store: store.versions.delete(BUCKET, KEY, "Enabled"),
        [["two", "one", "zero"], ["marker", "two", "one", "zero"]],
    ),
    "delete-suspended": (
        lambda store: store.versions.delete(BUCKET, KEY, "Suspended"),
        [["two", "one", "zero"], ["marker", "two", "one"]],
    ),
    "delete-newest": (
        lambda store: store.versions.delete_version(BUCKET, KEY, store.versions.history(BUCKET, KEY)[0].id),
        [["two", "one", "zero"], ["one", "zero"]],
    ),
    "delete-older": (
        lambda store: store.versions.delete_version(BUCKET, KEY, store.versions.history(BUCKET, KEY)[1].id),
        [["two", "one", "zero"], ["two", "zero"]],
    ),
}


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("step", range(6))
def test_what_is_left_is_what_was_before_or_what_was_meant(store: S3Store, name: str, step: int) -> None:
    act, possible = ACTS[name]
    put(store, "zero", None)
    put(store, "one")
    put(store, "two")
    was_killed = interrupted(store, lambda: act(store), step)
    assert texts(store) in (possible if was_killed else possible[1:])
    store.versions.drop_unknown_files(BUCKET)
    before = texts(store)
    put(store, "next")
    assert texts(store) == ["next", *before], "the next put heals what was left"
    while history := store.versions.history(BUCKET, KEY):
        store.versions.delete_version(BUCKET, KEY, history[0].id)
    assert store.disk.is_empty(BUCKET)
    assert not store.index.has_versions(BUCKET)
    assert store.disk.version_files(BUCKET) == []


def test_deleting_a_delete_marker_is_undone_or_done(store: S3Store) -> None:
    put(store, "one")
    for step in range(4):
        marker = store.versions.delete(BUCKET, KEY, "Enabled")
        assert marker is not None
        interrupted(store, lambda marker=marker: store.versions.delete_version(BUCKET, KEY, marker.id), step)
        assert texts(store) in (["marker", "one"], ["one"])
        put(store, "one")
        for version in store.versions.history(BUCKET, KEY)[1:]:
            store.versions.delete_version(BUCKET, KEY, version.id)
