"""Checks that prose and names are in plain words: `python -m infra.checks.words`, and `--report` for counts by room.

The rules are those of `styles/Boxoffice`, which Vale reads too, and the nouns that variables should be. Files that
`words_to_do.txt` lists are not checked yet. Take lines out of it; never put new ones in.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from infra.checkout import ROOT
from infra.checks.prose import passages

STYLES = ROOT / "styles" / "Boxoffice"
TO_DO = Path(__file__).with_name("words_to_do.txt")
NO_NOUNS = frozenset(
    {"asked", "each", "found", "given", "got", "held", "made", "one", "said", "told", "wanted", "what"}
)
"""Names that don't describe their values."""
_CHECKED = (
    "*.md",
    "*.py",
    "*.py.j2",
    "*.sql",
    "*.sql.j2",
    "*.yml",
    "*.yaml",
    "*.toml",
    "*help_texts/*.txt",
    "boxoffice",
)
_EXEMPT = (
    "docs/glossary.md",
    "docs/data-dictionary.md",
    "docs/local-aws-operations.md",
    "styles/*",
    "tests/warehouse/released/*",
)
"""The list of the words themselves, pages that are generated from checked texts, and files as they were released."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a style.

    Attributes:
        pattern: the words that it matches.
        message: the advice, with `%s` for the words to write and the words that were matched.
        words: the words to write instead. Empty if the message has them.
    """

    pattern: re.Pattern[str]
    message: str
    words: str = ""

    def text(self, match: re.Match[str]) -> str:
        """The message about one place."""
        place = " ".join(match[0].split())
        return self.message % ((self.words, place) if self.words else (place,))


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that is not in plain words."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The rules of all styles."""
    return tuple(rule for path in sorted(STYLES.glob("*.yml")) for rule in _rules(yaml.safe_load(path.read_text())))


def _rules(style: dict[str, Any]) -> Iterator[Rule]:
    flags = (re.IGNORECASE if style.get("ignorecase") else 0) | re.MULTILINE
    boundary = "" if style.get("nonword") else r"\b"
    if style["extends"] == "substitution":
        for words, instead in style["swap"].items():
            yield Rule(re.compile(_spaced(f"{boundary}(?:{words}){boundary}"), flags), style["message"], instead)
    else:
        for words in style["tokens"]:
            yield Rule(re.compile(_spaced(f"{boundary}(?:{words}){boundary}"), flags), style["message"])


def _spaced(pattern: str) -> str:
    """Let a blank in a pattern match any white space, because prose is wrapped."""
    return pattern.replace(" ", r"\s+")


def findings(paths: Sequence[Path]) -> list[Finding]:
    """The places in some files that are not in plain words."""
    return [finding for path in paths for finding in sorted(_findings(path), key=lambda finding: finding.line)]


def _findings(path: Path) -> Iterator[Finding]:
    yield from prose_findings(path)
    yield from name_findings(path)


def prose_findings(path: Path) -> Iterator[Finding]:
    """Words that the styles avoid."""
    for passage in passages(path):
        for rule in rules():
            for match in rule.pattern.finditer(passage.text):
                line = passage.line + passage.text.count("\n", 0, match.start())
                yield Finding(_shown(path), line, rule.text(match))


def name_findings(path: Path) -> Iterator[Finding]:
    """Variables whose name isn't a noun."""
    for name, line in assigned_names(path):
        if name in NO_NOUNS:
            yield Finding(_shown(path), line, f"the variable '{name}' should be a noun that says what it holds")


def assigned_names(path: Path) -> Iterator[tuple[str, int]]:
    """Every name that a Python file assigns, arguments included, and its line."""
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def checked_files() -> list[Path]:
    """The files of the checkout that hold prose or names, without those that are exempt; also where there is no git."""
    names = (str(path.relative_to(ROOT)) for path in _walk(ROOT))
    return sorted(ROOT / name for name in names if _matches(name, _CHECKED) and not _matches(name, _EXEMPT))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name in (".ci", ".github") or not path.name.startswith((".", "__")):
                yield from _walk(path)
        elif path.is_file():
            yield path


def to_do() -> list[str]:
    """Patterns of the files whose words are still to be rewritten."""
    lines = (line.partition("#")[0].strip() for line in TO_DO.read_text().splitlines())
    return [line for line in lines if line]


def clean_files() -> list[Path]:
    """The files that must stay in plain words."""
    return [path for path in checked_files() if not _matches(_shown(path), to_do())]


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def room(path: Path) -> str:
    """The room of a file: its folder, and for infra/ and tests/ also the folder below."""
    parts = path.relative_to(ROOT).parts
    if len(parts) == 1:
        return "."
    return "/".join(parts[: 2 if parts[0] in ("infra", "tests") and len(parts) > 2 else 1])


def report() -> Iterator[str]:
    """Counts by room: words to avoid, assigned names, and those of them that are no nouns."""
    words: Counter[str] = Counter()
    names: Counter[str] = Counter()
    vague: Counter[str] = Counter()
    to_be_done: Counter[str] = Counter()
    for path in checked_files():
        words[room(path)] += sum(1 for _ in prose_findings(path))
        assigned = [name for name, _ in assigned_names(path)]
        names[room(path)] += len(assigned)
        vague[room(path)] += sum(name in NO_NOUNS for name in assigned)
        to_be_done[room(path)] += _matches(_shown(path), to_do())
    yield f"{'room':<24} {'words':>6} {'names':>7} {'vague':>6} {'share':>7} {'files to do':>12}"
    for name in [*sorted(words), "all"]:
        counts = [counter.total() if name == "all" else counter[name] for counter in (words, names, vague, to_be_done)]
        share = f"{100 * counts[2] / counts[1]:.1f} %" if counts[1] else ""
        yield f"{name:<24} {counts[0]:>6} {counts[1]:>7} {counts[2]:>6} {share:>7} {counts[3]:>12}"


def main(arguments: Sequence[str]) -> int:
    """Check the files that are not on the list of files to do, or report counts. Returns 1 if there are findings."""
    if "--report" in arguments:
        sys.stdout.writelines(f"{line}\n" for line in report())
        return 0
    places = findings(clean_files())
    for finding in places:
        sys.stderr.write(f"{finding}\n")
    return 1 if places else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
