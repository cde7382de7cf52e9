"""The documentation's site: a link that leads nowhere fails it, and each page can be reached."""

from __future__ import annotations

import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from infra.checkout import ROOT
from infra.checks import site
from infra.launcher import app


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two pages that link to each other and to a source file."""
    root = tmp_path / "repository"
    (root / "docs").mkdir(parents=True)
    (root / "settings.py").write_text("PORT = 8080\n")
    (root / "README.md").write_text("# Start\n\nSee the [guide](docs/guide.md#ports).\n")
    (root / "docs" / "guide.md").write_text(
        "# Guide\n\n## Ports\n\nAs in [settings](../settings.py); [back](../README.md).\n"
    )
    (root / site.CONFIGURATION).write_text(
        "site_name: Test\ndocs_dir: pages\nsite_dir: html\nuse_directory_urls: false\n"
    )
    return root


def test_links_work_in_the_site_as_they_do_in_the_repository(repository: Path, tmp_path: Path) -> None:
    assert site.build(repository, tmp_path / "site") is None
    html = tmp_path / "site" / "html"
    assert 'href="docs/guide.html#ports"' in (html / "index.html").read_text()
    assert 'href="../settings.py"' in (html / "docs" / "guide.html").read_text()
    assert (html / "settings.py").read_text() == "PORT = 8080\n"


@pytest.mark.parametrize("target", ["docs/nowhere.md", "nowhere.py", "docs/guide.md#nowhere", "docs"])
def test_a_link_that_leads_nowhere_fails_the_build_and_is_named(repository: Path, tmp_path: Path, target: str) -> None:
    (repository / "README.md").write_text(f"# Start\n\nSee [this]({target}).\n")
    complaint = site.build(repository, tmp_path / "site")
    assert complaint is not None
    assert "README.md" in complaint
    assert "Traceback" not in complaint


def test_a_link_out_of_the_repository_is_not_followed(repository: Path) -> None:
    (repository.parent / "secret.md").write_text("# Secret\n")
    (repository / "README.md").write_text("[out](../secret.md)\n")
    assert Path("../secret.md") not in site.pages(repository)
    assert all(not path.is_absolute() for path in site.pages(repository))


def test_a_stale_page_does_not_stay(repository: Path, tmp_path: Path) -> None:
    assert site.build(repository, tmp_path / "site") is None
    (repository / "docs" / "guide.md").unlink()
    shutil.copy(repository / "settings.py", repository / "docs" / "guide.py")
    (repository / "README.md").write_text("[code](docs/guide.py)\n")
    assert site.build(repository, tmp_path / "site") is None
    assert not (tmp_path / "site" / "html" / "docs" / "guide.html").exists()


@pytest.fixture(scope="module")
def markdown() -> dict[str, str]:
    """The text of every page, by its path."""
    return {str(path): (ROOT / path).read_text() for path in site.pages(ROOT) if path.suffix == ".md"}


def test_every_page_is_in_the_navigation(markdown: dict[str, str]) -> None:
    navigation = yaml.safe_dump(yaml.safe_load((ROOT / site.CONFIGURATION).read_text())["nav"])
    decisions = {path for path in markdown if path.startswith("docs/adr/0")}
    assert set(re.findall(r"[\w/-]+\.md", navigation)) == set(markdown) - decisions


def test_every_decision_is_in_the_list(markdown: dict[str, str]) -> None:
    decisions = {path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}
    listed = {link for link in site.links(markdown["docs/adr/README.md"]) if not link.startswith("..")}
    assert listed == decisions


def test_commands_on_the_pages_exist(markdown: dict[str, str]) -> None:
    commands = get_command(app.app).commands  # type: ignore[attr-defined]
    called = {
        (path, name) for path, text in markdown.items() for name in re.findall(r"\./boxoffice ([a-z][\w-]+)", text)
    }
    assert len(called) > 20
    assert {(path, name) for path, name in called if name not in commands} == set()


def test_modules_on_the_pages_exist(markdown: dict[str, str]) -> None:
    modules = {(path, name) for path, text in markdown.items() for name in re.findall(r"-m (infra[\w.]+\w)", text)}
    assert len(modules) > 5
    assert {(path, name) for path, name in modules if find_spec(name) is None} == set()
