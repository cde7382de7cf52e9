"""A contract's version changes if its code behaves differently, and only then."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.checkout import ROOT
from infra.packaging import package
from schemas import version
from schemas.registry import get_source
from schemas.version import code_of

CODE = """
class Row(CuratedRow):
    table: ClassVar[str] = "users"
    city: City | None = Field(None, description="City.")

    def key(self, first=every):
        if first(self):
            yield None, 1.5, f"{self.city!r}"
"""


def test_the_contract_version_is_stable_and_tells_entities_apart() -> None:
    source = get_source("ticketmaster")
    assert source.contract_version("events") == source.contract_version("events")
    assert len({source.contract_version(entity) for entity in source.entities}) == len(source.entities)


@pytest.mark.parametrize(
    ("file", "text", "changes"),
    [
        ("ticketmaster/normalise.py", "ABBREVIATIONS = {'St': 'Saint'}", True),
        ("types.py", "ABBREVIATIONS = {'St': 'Saint'}", True),
        ("types.py", "# In other words.", False),
        ("types.py", '"""In other words."""', False),
        ("ticketmaster/notes.txt", "ABBREVIATIONS = {'St': 'Saint'}", False),
        ("types.py", "", False),
    ],
)
def test_the_contract_version_changes_with_the_code_alone(tmp_path: Path, file: str, text: str, changes: bool) -> None:
    schemas = tmp_path / "schemas"
    shutil.copytree(ROOT / "schemas", schemas, ignore=shutil.ignore_patterns("__pycache__"))
    with (schemas / file).open("a") as code:
        code.write(f"\n{text}\n")
    assert (_version_in(tmp_path) != get_source("ticketmaster").contract_version("events")) is changes


def test_the_contract_version_is_the_same_within_a_zip(tmp_path: Path) -> None:
    zipped = tmp_path / "jobs.zip"
    zipped.write_bytes(package(ROOT))
    assert _version_in(zipped) == get_source("ticketmaster").contract_version("events")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class Row(CuratedRow):", 'class Row(CuratedRow):\n    """One row."""\n'),
        ('"users"', '"users"\n    """The table."""'),
        ('"users"', '"users"  # the table'),
        ('description="City."', 'description="City as sent."'),
        (', description="City."', ""),
        ("(None, ", "(\n        None,\n        "),
    ],
)
def test_words_and_layout_are_no_code(old: str, new: str) -> None:
    assert old in CODE
    assert code_of(CODE.replace(old, new)) == code_of(CODE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"users"', '"user"'),
        ("City | None", "City"),
        ("Field(None", "Field(0"),
        ("first=every", "first=none"),
        ("1.5", "1.25"),
        ("yield None", "yield 0"),
        ("!r", ""),
    ],
)
def test_all_else_is(old: str, new: str) -> None:
    assert old in CODE
    assert code_of(CODE.replace(old, new)) != code_of(CODE)


RELEASED = [(*path.split("/"), old) for path, versions in version.released_versions().items() for old in versions]


@pytest.mark.parametrize(("source", "entity", "old"), RELEASED)
def test_what_a_released_contract_validated_is_not_validated_again(source: str, entity: str, old: str) -> None:
    """When a contract really changed, delete its line; else `python -m schemas.released --write`."""
    assert get_source(source).is_contract_of(entity, old)


def test_what_another_contract_validated_is() -> None:
    source = get_source("tickit")
    assert not source.is_contract_of("sales", "0123456789ab")
    assert not source.is_contract_of("sales", next(iter(version.released_versions()["tickit/users"])))


def _version_in(place: Path) -> str:
    """The version according to a process whose contracts are in another folder."""
    program = "from schemas.ticketmaster import SOURCE; print(SOURCE.contract_version('events'))"
    environment = {"PYTHONPATH": str(place), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, cwd=place.parent, capture_output=True, text=True, check=True)
    return done.stdout.strip()
