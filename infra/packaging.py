"""The Glue jobs' code in the form that Glue reads: a script per job and a zip of our packages, in the artifact bucket.

The zip's bytes only depend on the contents of the files. An unchanged package is not uploaded again, and two checkouts
of a commit deploy the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from aws_services import resources
from aws_services.errors import NoSuchBucket, NotFound
from aws_services.s3 import S3

PACKAGES = ("aws_services", "glue_jobs", "lake", "schemas", "settings.py", "warehouse")
_SUFFIXES = frozenset({".py", ".sql", ".toml", ".json", ".yaml", ".typed"})
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip supports


class NothingToPackage(FileNotFoundError):
    """A package or script that the Glue jobs need is missing from the checkout. The message names it."""


def package(repo_root: Path) -> bytes:
    """The zip for `--extra-py-files`, with all our packages that the jobs import.

    Args:
        repo_root: root of the checkout.

    Raises:
        NothingToPackage: a package is missing there.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in _files(repo_root):
            entry = zipfile.ZipInfo(path.relative_to(repo_root).as_posix(), _EPOCH)
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


def artifacts(repo_root: Path) -> dict[str, bytes]:
    """All files that the Glue jobs need, by their key in the artifact bucket.

    Args:
        repo_root: root of the checkout.

    Raises:
        NothingToPackage: a package or script is missing.
    """
    bodies = {resources.PY_FILES_KEY: package(repo_root)}
    for job in resources.JOBS:
        script = repo_root / "glue_jobs" / job.script
        if not script.is_file():
            raise NothingToPackage(f"{script} is missing: it is the script of Glue job {job.name}")
        bodies[job.script_uri.removeprefix(f"s3://{resources.ARTIFACT_BUCKET}/")] = script.read_bytes()
    return bodies


def upload(s3: S3, repo_root: Path) -> list[str]:
    """Uploads the zip and the jobs' scripts to the artifact bucket.

    Args:
        s3: the client for the bucket.
        repo_root: root of the checkout.

    Returns:
        The keys that were written. Unchanged objects are not written again.

    Raises:
        NothingToPackage: a package or script is missing.
        NoSuchBucket: the artifact bucket does not exist yet.
    """
    return [key for key, body in artifacts(repo_root).items() if _put_changed(s3, key, body)]


def _files(repo_root: Path) -> Iterator[Path]:
    for name in PACKAGES:
        root = repo_root / name
        if root.is_file():
            yield root
        elif root.is_dir():
            files = (path for path in root.rglob("*") if path.suffix in _SUFFIXES and path.is_file())
            yield from sorted(path for path in files if "__pycache__" not in path.parts)
        else:
            raise NothingToPackage(f"{root} is missing: the Glue jobs import it; is {repo_root} the checkout's root?")


def _put_changed(s3: S3, key: str, body: bytes) -> bool:
    digest = hashlib.sha256(body).hexdigest()
    try:
        if s3.head(resources.ARTIFACT_BUCKET, key).metadata.get("sha256") == digest:
            return False
    except NoSuchBucket:
        raise
    except NotFound:
        pass
    s3.put(resources.ARTIFACT_BUCKET, key, body, metadata={"sha256": digest})
    return True
