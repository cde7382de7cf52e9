"""sqlfluff over the warehouse's SQL, and the memory of what was clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.checks import sql_style
from infra.checks.warehouse_sql import Source

CLEAN = Source("warehouse/acme/products/10_v.sql", "CREATE OR REPLACE VIEW acme.v AS\nSELECT a\nFROM acme.t;\n")
MESSY = Source("warehouse/acme/products/20_v.sql", "create OR REPLACE VIEW acme.v AS\nSELECT a\nFROM acme.t;\n")
LONG = f"COMMENT ON TABLE acme.t IS '{'x' * 120}';\n"


def test_a_fault_is_shown_with_file_and_line(tmp_path: Path) -> None:
    (fault,) = sql_style.check([CLEAN, MESSY], tmp_path / "clean")

    assert fault.startswith("warehouse/acme/products/20_v.sql:1: CP01")


def test_sql_that_redshift_cannot_parse_is_a_fault(tmp_path: Path) -> None:
    (fault,) = sql_style.check([Source("a.sql", "SELECT FROM WHERE;\n")], tmp_path / "clean")

    assert "PRS" in fault


def test_only_new_and_faulty_texts_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = tmp_path / "lint" / "clean"
    sql_style.check([CLEAN, MESSY], memory)
    read: list[str] = []
    monkeypatch.setattr(sql_style, "style_faults", lambda sources: read.extend(s.path for s in sources) or {})

    sql_style.check([CLEAN, MESSY], memory)

    assert read == [MESSY.path]


def test_a_text_that_has_changed_is_read_again(tmp_path: Path) -> None:
    memory = tmp_path / "clean"
    sql_style.check([CLEAN], memory)

    assert sql_style.check([Source(CLEAN.path, MESSY.text)], memory)


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        (Source("warehouse/acme/comments/10.sql", LONG), 1),
        (Source("warehouse/acme/descriptions/10.sql", LONG), 0),
        (Source("acme/grants (generated)", LONG, is_generated=True), 0),
    ],
)
def test_only_what_a_generator_writes_may_have_long_lines(source: Source, faults: int, tmp_path: Path) -> None:
    assert len(sql_style.check([source], tmp_path / "clean")) == faults
