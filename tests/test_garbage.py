"""A leak fails the module that has it, and no destructor runs while Python parses a file."""

from __future__ import annotations

import ast
import gc
import subprocess
import sys
from pathlib import Path

from infra.checkout import ROOT

LEAKING = """
class Holder:
    def __init__(self, path):
        self.file = open(path)
        self.itself = self  # only a collection of garbage finds it

def test_first(): Holder(__file__)
def test_last(): pass
"""


class _ParsesWhenDestroyed:
    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        ast.parse("(1, 2)")


def test_a_leak_is_an_error_of_the_module_that_has_it(tmp_path: Path) -> None:
    for name, text in (("leaking", LEAKING), ("other", "def test_other(): pass")):
        (tmp_path / f"test_{name}.py").write_text(text, "utf-8")
    options = ["-q", "-p", "tests.fixtures.garbage", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")]
    command = [sys.executable, "-m", "pytest", *options, f"--rootdir={tmp_path}", str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "3 passed, 1 error" in result.stdout, result.stdout
    assert "ERROR" in result.stdout
    assert "test_leaking.py::test_last" in result.stdout
    assert "unclosed file" in result.stdout


def test_no_destructor_runs_while_a_file_is_parsed() -> None:
    """Python 3.11.7 and older would raise SystemError: AST constructor recursion depth mismatch."""
    source = Path(ast.__file__).read_text("utf-8")
    thresholds = gc.get_threshold()
    gc.set_threshold(50, 1, 1)
    try:
        for _ in range(5):
            for _ in range(20):
                _ParsesWhenDestroyed()
            assert ast.parse(source).body
    finally:
        gc.set_threshold(*thresholds)
    assert gc.isenabled()
