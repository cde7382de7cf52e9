"""Every patch of moto states its purpose, and a change of the patched code in moto is detected."""

import subprocess
import sys

import pytest
from moto.sns.models import Topic

from infra.local_aws.patching import ABSENT, MotoChanged, Patch, apply, declared


def patch_of(owner: type, name: str, written_for: str) -> Patch:
    return Patch(owner, name, written_for, "a test", lambda original: original)


def test_the_installed_moto_is_the_one_that_every_patch_was_written_for() -> None:
    # in a process of its own: another test of this one may have patched moto already
    command = [sys.executable, "-m", "infra.local_aws.patching"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr + result.stdout
    assert "moto.s3.models.S3Backend.put_object: same" in result.stdout


def test_a_patch_is_of_moto_and_declared_once_with_its_reason() -> None:
    patches = list(declared())
    targets = [patch.target for patch in patches]
    assert len(set(targets)) == len(targets)
    assert [patch.target for patch in patches if not patch.reason or not patch.target.startswith("moto.")] == []


@pytest.mark.parametrize(
    ("name", "written_for", "outdated"),
    [
        ("publish", "5.2.5 000000000000", True),
        ("publish", f"5.2.5 {ABSENT}", True),
        ("no_such_method", "5.2.5 000000000000", True),
        ("no_such_method", f"5.2.5 {ABSENT}", False),
    ],
)
def test_another_source_is_noticed(name: str, written_for: str, outdated: bool) -> None:
    assert patch_of(Topic, name, written_for).is_outdated() is outdated


def test_a_server_does_not_start_on_a_moto_that_its_patches_were_not_written_for() -> None:
    original = Topic.publish
    with pytest.raises(MotoChanged, match=r"moto\.sns\.models\.Topic\.publish.*pinned version of moto"):
        apply([patch_of(Topic, "publish", "1.0.0 000000000000")])
    assert Topic.publish is original


def test_a_server_starts_on_another_version_of_moto_with_the_same_source() -> None:
    digest = patch_of(Topic, "publish", "").installed().split()[1]
    original = Topic.publish
    apply([patch_of(Topic, "publish", f"1.0.0 {digest}")])
    assert Topic.publish is original  # what this patch makes of it


def test_the_same_source_in_another_version_is_no_change() -> None:
    installed = patch_of(Topic, "publish", "").installed()
    assert not patch_of(Topic, "publish", f"5.2.4 {installed.split()[1]}").is_outdated()
