"""The private data directories of servers that root starts."""

import tempfile
from pathlib import Path

import pytest

from infra.local_aws.postgresql import layout

as_root = pytest.mark.skipif(not layout.is_root(), reason="only root's servers have private data directories")


@pytest.fixture
def private_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = Path(tempfile.mkdtemp(dir=tmp_path))
    monkeypatch.setattr(layout, "_private_root", lambda: root)
    return root


def state_of(path: Path) -> Path:
    path.mkdir(mode=0o700)
    return path


@as_root
def test_a_server_that_starts_at_the_same_moment_removes_no_data_of_another(
    tmp_path: Path, private_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Path.symlink_to

    def link_while_another_starts(path: Path, target: Path) -> None:
        layout._remove_orphans(private_root)
        link(path, target)

    monkeypatch.setattr(Path, "symlink_to", link_while_another_starts)
    home = layout.prepare_home(state_of(tmp_path / "one"))
    assert home.data.is_dir()


@as_root
def test_data_whose_state_directory_is_gone_is_removed_with_the_next_start(tmp_path: Path, private_root: Path) -> None:
    home = layout.prepare_home(state_of(tmp_path / "one"))
    (tmp_path / "one" / "data").unlink()
    other = layout.prepare_home(state_of(tmp_path / "two"))
    assert (home.data.exists(), other.data.is_dir()) == (False, True)


def test_data_that_another_process_removes_first_stops_no_start(
    private_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "glob", lambda path, _pattern: iter([path / "boxoffice-warehouse-data-gone"]))
    layout._remove_orphans(private_root)
