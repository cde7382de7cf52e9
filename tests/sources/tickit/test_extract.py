"""The seven files, made up and real, are landed byte for byte, every line counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from infra.simulators.tickit import write_files
from schemas.tickit import SOURCE as CONTRACT
from sources.tickit import FILES, SOURCE
from tests.fixtures.landing import MemoryLanding


def landed(landing: MemoryLanding, entity: str) -> bytes:
    return b"".join(landing.objects[name] for name in landing.names(entity))


def records(landing: MemoryLanding) -> Counter[str]:
    counts: Counter[str] = Counter()
    for name, count in landing.records.items():
        counts[name.split("/")[0]] += count or 0
    return counts


def test_every_entity_has_its_file() -> None:
    assert tuple(FILES) == CONTRACT.entities


def test_all_files_are_landed(landing: MemoryLanding, tmp_path: Path) -> None:
    lines = write_files(tmp_path, seed=7, scale=0.01)
    extracted = SOURCE.extract(landing, str(tmp_path))
    assert [extraction.entity for extraction in extracted] == list(FILES)
    for entity, name in FILES.items():
        assert landed(landing, entity) == (tmp_path / name).read_bytes()
        assert records(landing)[entity] == lines[name]


@pytest.mark.recorded
def test_the_real_files_are_landed(landing: MemoryLanding, recorded: Path) -> None:
    folder = recorded / "tickit"
    present = [entity for entity, name in FILES.items() if (folder / name).is_file()]
    SOURCE.extract(landing, str(folder), entities=present)
    assert records(landing) == {"venues": 202, "categories": 11, "dates": 365, "events": 8798}
    for entity in present:
        assert landed(landing, entity) == (folder / FILES[entity]).read_bytes()
