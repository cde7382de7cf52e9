"""The zip that Glue jobs import from is complete, reproducible, and uploaded only when it changed."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from aws_services import resources
from aws_services.errors import NoSuchBucket
from aws_services.s3 import S3
from infra.packaging import PACKAGES, NothingToPackage, package, upload

ROOT = Path(__file__).resolve().parents[2]


def copied(target: Path) -> Path:
    """A checkout of what is packaged, made at another time and in another order."""
    for name in reversed(PACKAGES):
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, target / name)
        else:
            shutil.copytree(ROOT / name, target / name, copy_function=shutil.copyfile)
    return target


def test_equal_contents_give_equal_bytes(tmp_path: Path) -> None:
    assert package(copied(tmp_path)) == package(ROOT)


def test_what_a_job_imports_is_in_it_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    root = copied(tmp_path / "checkout")
    (root / "lake" / "__pycache__").mkdir(exist_ok=True)
    (root / "lake" / "__pycache__" / "store.cpython-311.pyc").write_bytes(b"")
    (root / "warehouse" / ".env").write_text("SECRET=1")
    names = set(zipfile.ZipFile(io.BytesIO(package(root))).namelist())
    assert {"settings.py", "lake/store.py", "schemas/slices.py", "aws_services/s3.py"} <= names
    assert any(name.startswith("warehouse/") and name.endswith(".sql") for name in names)
    assert not [name for name in names if name.startswith(("dags/", "runs/", "sources/", "infra/", "tests/"))]
    assert not [name for name in names if name.endswith((".pyc", ".env"))]


def test_python_imports_from_it(tmp_path: Path) -> None:
    archive = tmp_path / "boxoffice.zip"
    archive.write_bytes(package(ROOT))
    code = "import lake.manifests, lake.layout, aws_services.glue_catalog, settings; print(lake.layout.__file__)"
    environment = {"PYTHONPATH": str(archive), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == f"{archive}/lake/layout.py", done.stderr


def test_the_catalog_needs_no_awswrangler(tmp_path: Path) -> None:
    code = "import sys; sys.modules['awswrangler'] = None; import aws_services.glue_catalog, aws_services.redshift_data"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    root = copied(tmp_path)
    shutil.rmtree(root / "lake")
    with pytest.raises(NothingToPackage, match=r"/lake is missing"):
        package(root)


@pytest.fixture
def artifacts(mocked_aws: None) -> S3:
    s3 = S3()
    s3._client.create_bucket(Bucket=resources.ARTIFACT_BUCKET)
    return s3


def test_script_and_zip_lie_where_the_job_looks_for_them(artifacts: S3, tmp_path: Path) -> None:
    root = copied(tmp_path)
    for job in resources.JOBS:
        (root / "glue_jobs" / job.script).write_text("print('star')")
    upload(artifacts, root)
    for job in resources.JOBS:
        for uri in (job.script_uri, job.default_arguments["--extra-py-files"]):
            bucket, _, key = uri.removeprefix("s3://").partition("/")
            assert artifacts.exists(bucket, key)
    assert artifacts.get(resources.ARTIFACT_BUCKET, resources.PY_FILES_KEY) == package(root)


def test_only_what_changed_is_uploaded(artifacts: S3, tmp_path: Path) -> None:
    root = copied(tmp_path)
    scripts = [root / "glue_jobs" / job.script for job in resources.JOBS]
    for script in scripts:
        script.write_text("print('star')")
    assert len(upload(artifacts, root)) == 1 + len(scripts)
    assert upload(artifacts, root) == []
    (root / "settings.py").write_text("# changed")
    assert upload(artifacts, root) == [resources.PY_FILES_KEY]


def test_a_missing_script_or_bucket_is_an_error(artifacts: S3, tmp_path: Path) -> None:
    root = copied(tmp_path)
    for job in resources.JOBS:
        (root / "glue_jobs" / job.script).unlink(missing_ok=True)
    with pytest.raises(NothingToPackage, match=resources.JOBS[0].script):
        upload(artifacts, root)
    artifacts._client.delete_bucket(Bucket=resources.ARTIFACT_BUCKET)
    with pytest.raises(NoSuchBucket):
        upload(artifacts, ROOT)
