"""Validation of any input: nothing is lost, memory does not grow, one poison record is one rejected record."""

from __future__ import annotations

import gc
import gzip
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lake import curated
from lake.curated import Lineage
from lake.dedupe import KeyIndex
from lake.quarantine import record_bytes
from lake.validate import validate
from tests.lake.validating import AT, SOURCE, event, page, run


def test_memory_does_not_grow_with_the_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyIndex.__init__, "__defaults__", (200,))
    monkeypatch.setattr(curated, "ROWS_A_BATCH", 20)
    monkeypatch.setattr(curated, "BYTES_A_ROW_GROUP", 20_000)

    def objects(pages: int) -> Iterator[tuple[str, bytes]]:
        for number in range(pages):
            ids = range(number * 40, number * 40 + 40)
            yield f"s3://lake/p{number:05d}", page(*[event(n, info=f"{n:06d} " * 600) for n in ids], b"{}")

    def peak(pages: int) -> int:
        tracemalloc.start()
        try:
            validate(objects(pages), SOURCE, "events", tmp_path / str(pages), Lineage("run", AT))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)
    more_input = sum(len(body) for _, body in objects(40)) - sum(len(body) for _, body in objects(10))
    # pydantic-core keeps up to 16,384 short strings for reuse, which is why it is not quite flat at first
    assert peak(40) - peak(10) < more_input / 5


def test_python_collects_garbage_as_before_when_it_is_over(tmp_path: Path) -> None:
    def fails() -> Iterator[tuple[str, bytes]]:
        yield "s3://lake/p0", page(event(1))
        raise OSError("gone")

    before = gc.get_threshold()
    run(tmp_path, page(event(1)))
    assert gc.get_threshold() == before
    with pytest.raises(OSError, match="gone"):
        validate(fails(), SOURCE, "events", tmp_path, Lineage("run", AT))
    assert gc.get_threshold() == before


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
field_names = st.sampled_from([f.alias or name for name, f in SOURCE.record("events").model_fields.items()])
eventish = st.dictionaries(field_names, json_values, max_size=6).flatmap(
    lambda fields: st.sampled_from([fields, {**fields, "id": "E1"}, event(1) | fields])
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(st.one_of(json_values, eventish, st.lists(eventish, max_size=3)), max_size=4))
def test_any_json_is_accounted_for(tmp_path: Path, bodies: list[Any]) -> None:
    result = run(tmp_path, *[json.dumps(body).encode() for body in bodies])
    assert result.report.raw_records >= sum(1 for body in bodies if not isinstance(body, (list, dict)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=60), at=st.integers(0, 200), cut=st.integers(0, 300))
def test_any_bytes_are_accounted_for(tmp_path: Path, noise: bytes, at: int, cut: int) -> None:
    whole = page(event(1), event(2), event(3))
    run(tmp_path, whole[:at] + noise + whole[at:], whole[:cut], noise)


def test_one_poison_record_among_many_is_exactly_one_quarantined(tmp_path: Path) -> None:
    poison = json.dumps(event(7)).encode()[:-1] + b', "x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"
    pages = [page(*[event(n) for n in range(first, first + 200)]) for first in range(0, 20_000, 200)]
    pages[50] = pages[50].replace(b'[{"id": "E10000"', b"[" + poison + b', {"id": "E10000"', 1)
    objects = [(f"s3://lake/raw/p{number:04d}.json.gz", body) for number, body in enumerate(pages)]
    report = validate(objects, SOURCE, "events", tmp_path, Lineage("run", AT))
    assert (report.raw_records, report.curated_records, report.quarantined_records) == (20_001, 20_000, 1)
    (line,) = gzip.decompress(report.quarantine_files[0].path.read_bytes()).splitlines()
    kept = json.loads(line)
    assert (record_bytes(kept), kept["source_uri"], kept["index"]) == (poison, objects[50][0], 0)
