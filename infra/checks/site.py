"""The documentation as a web site, with every link checked.

    python -m infra.checks.site

The pages stay where GitHub and their readers expect them: README.md and its siblings in the root, the rest in `docs`.
A site generator wants all of them in one folder, so this module copies them, with whatever they link to, keeping their
relative paths. Links therefore work in both places. `mkdocs.yml` has the order of the pages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from infra.checkout import ROOT
from settings import Settings

CONFIGURATION = "mkdocs.yml"
_LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def pages(root: Path) -> set[Path]:
    """Every file of the site: the Markdown in the root and in `docs`, and the files that it links to.

    Args:
        root: the repository.

    Returns:
        paths relative to the root.
    """
    unread = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    files = set(unread)
    while unread:
        page = unread.pop()
        targets = {(page.parent / link).resolve() for link in links(page.read_text(encoding="utf-8"))}
        new_files = {path for path in targets if path.is_file() and path.is_relative_to(root)} - files
        files |= new_files
        unread += [path for path in new_files if path.suffix == ".md"]
    return {path.relative_to(root) for path in files}


def broken_links(root: Path) -> list[str]:
    """Links to what is not a file, one a line; the generator itself looks only at links to pages and their headings."""
    return [
        f"{page}: the link to {link} leads to no file"
        for page in sorted(pages(root))
        if page.suffix == ".md"
        for link in links((root / page).read_text(encoding="utf-8"))
        if not (root / page.parent / link).is_file()
    ]


def links(markdown: str) -> list[str]:
    """The relative links of a page, without their anchors.

    >>> links("[one](docs/one.md#top), [two](https://example.com), `[three](code.md)`")
    ['docs/one.md']
    """
    return _LINK.findall(_CODE.sub("``", markdown))


def build(root: Path, folder: Path) -> str | None:
    """Build the site into `folder/html`.

    Args:
        root: the repository.
        folder: for the copies and the result; it is emptied first.

    Returns:
        what is wrong, such as a broken link, or None.
    """
    if broken := broken_links(root):
        return "\n".join(broken)
    shutil.rmtree(folder, ignore_errors=True)
    for path in pages(root):
        copy = folder / "pages" / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, copy)
    shutil.copyfile(root / CONFIGURATION, folder / CONFIGURATION)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(folder / CONFIGURATION)]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return None
    complaint, _, _ = (result.stdout + result.stderr).partition("Traceback (most recent call last)")
    return _COLOUR.sub("", complaint)


def main() -> int:
    """Build the site into the home and report where it is, or what is wrong. Returns an exit code."""
    folder = Settings().home.resolve() / "site"
    if complaint := build(ROOT, folder):
        sys.stderr.write(complaint.rstrip() + "\n")
        return 1
    sys.stdout.write(f"{folder / 'html' / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
