"""The benchmark of sizes compares each size with the smallest."""

from __future__ import annotations

from tests.bench.scale import Loaded, _compared


def test_memory_that_creeps_from_size_to_size_is_no_flat_memory() -> None:
    """A twentieth more at each step is a ninth more at the end."""
    done = {
        50.0: Loaded(5_000, seconds=50, cpu_seconds=40, peak_mb=361),
        1.0: Loaded(100, seconds=2, cpu_seconds=1, peak_mb=322),
        10.0: Loaded(1_000, seconds=10, cpu_seconds=8, peak_mb=340),
    }
    figures = {figure.subject: figure for figure in _compared(done)}
    assert [name for name in figures if name.endswith("lines")] == ["10x over 1x, lines", "50x over 1x, lines"]
    ten, fifty = (figures[f"{size}x over 1x, peak memory of a step"].cells() for size in (10, 50))
    assert "1.06 x" in ten and "at most 1.1: met" in ten
    assert "1.12 x" in fifty and "at most 1.1: **missed**" in fifty
    assert "at most 55: met" in figures["50x over 1x, processor time"].cells()
