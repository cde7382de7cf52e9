"""The check of plain words: what it reads, what it finds, and which files are left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.checkout import ROOT
from infra.checks import words

SOURCE = '''"""Nothing is mended here."""

pages = [found for found in range(3)]  # the weather of the day
"""What lies in `mend`: beside the point."""
TEXT = "a string may say anew"
'''


def messages(path: Path) -> list[str]:
    return [f"{finding.line}: {finding.message}" for finding in words.findings([path])]


def test_docstrings_comments_and_names_are_read_and_strings_are_not(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(SOURCE)

    assert messages(path) == [
        "1: begin with who or what does it, not with 'Nothing is'",
        "1: write 'fix' instead of 'mended'",
        "3: write 'faults' instead of 'weather'",
        "3: the variable 'found' should be a noun that says what it holds",
        "4: write 'is, is stored' instead of 'lies in'",
        "4: write 'next to, with' instead of 'beside'",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sql", "-- mended\nSELECT 'mend' AS anew"),
        ("a.sql", "COMMENT ON TABLE t IS 'A thing';"),
        ("a.md", "Code:\n\n```\nmend\n```\n\nWe mend it."),
        ("a.yml", "# mend it\nanew: 1"),
    ],
)
def test_one_place_is_found(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)

    assert len(messages(path)) == 1


def test_words_that_a_line_break_separates_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("A table, of\nwhich rows are read.")

    assert messages(path) == ["1: write 'two sentences' instead of 'of which'"]


def test_every_word_of_the_glossary_has_a_rule() -> None:
    table = (ROOT / "docs" / "glossary.md").read_text().partition("## Words we avoid")[2]
    avoided = re.findall(r"^\| ([^|`(]+?)(?: \([^|]*)? \|", table, re.MULTILINE)
    phrases = [phrase.strip() for cell in avoided[1:] for phrase in cell.split(",") if phrase.strip() != "nothing"]

    texts = {"lies": "lies in", "stands": "stands in", "books": "the books"}
    missing = [p for p in phrases if not any(r.pattern.search(texts.get(p, p)) for r in words.rules())]
    assert missing == []
    assert len(phrases) > 12


def test_names_of_the_glossary_are_refused() -> None:
    assert {"found", "made", "each", "one"} <= words.NO_NOUNS


def test_files_still_to_do_exist() -> None:
    files = [str(path.relative_to(ROOT)) for path in words.checked_files()]

    assert [pattern for pattern in words.to_do() if not any(words._matches(name, [pattern]) for name in files)] == []


def test_the_report_has_a_line_a_room_and_a_sum() -> None:
    lines = list(words.report())

    assert lines[-1].startswith("all ")
    assert any(line.startswith("infra/checks ") for line in lines)
