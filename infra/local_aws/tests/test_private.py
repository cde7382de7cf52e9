"""Only the owner can read the files of the stack, also in folders that an earlier version left open."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from infra.local_aws.private import private_folder


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_a_process_and_its_children_make_is_their_owners(tmp_path: Path) -> None:
    program = "import os; from infra.local_aws.private import keep_private; keep_private(); "
    script = program + "os.system('mkdir a && echo > a/b')"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, env=environment, umask=0o022)
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b")) == (0o700, 0o600)


def test_a_new_folder_is_closed(tmp_path: Path) -> None:
    assert mode(private_folder(tmp_path / "home" / "aws")) == 0o700


def test_an_open_folder_is_closed_with_all_that_it_holds_but_no_links_target(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("not ours")
    elsewhere.chmod(0o644)
    program, folder = tmp_path / "home" / "bin" / "run", tmp_path / "home" / "bin"
    folder.mkdir(parents=True)
    program.write_text("a program stays one")
    program.chmod(0o755)
    (folder / "link").symlink_to(elsewhere)
    for path in (folder, folder.parent):
        path.chmod(0o755)
    private_folder(folder.parent)
    assert [mode(path) for path in (folder.parent, folder, program, elsewhere)] == [0o700, 0o700, 0o700, 0o644]


def test_a_home_is_closed_without_the_environment_in_it(tmp_path: Path) -> None:
    """Its files may be links into a cache that is not ours."""
    program = tmp_path / "home" / "python"
    program.parent.mkdir()
    program.touch()
    program.chmod(0o755)
    program.parent.chmod(0o755)
    private_folder(program.parent, with_contents=False)
    assert (mode(program.parent), mode(program)) == (0o700, 0o755)


def test_a_linked_home_is_closed_where_it_really_is(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    real.chmod(0o755)
    (tmp_path / "link").symlink_to(real)
    private_folder(tmp_path / "link")
    assert mode(real) == 0o700
    assert (tmp_path / "link").is_symlink()


def test_what_others_share_stays_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    private_folder(shared)
    assert shared.stat().st_mode & 0o7777 == 0o1777
