"""`./boxoffice bench`: runs the benchmark programs and reports their findings."""

from __future__ import annotations

import argparse
import ast
import importlib
import logging
import sys
import time
import traceback
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from rich.console import Console

import tests.bench
from tests.bench import report
from tests.bench.harness import Options
from tests.bench.report import Section

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"

console = Console(highlight=False, soft_wrap=True, markup=False)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code: 1 when a program could not finish. A missed target is no failure."""
    programs = all_programs()
    parser = _parser(programs)
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in programs]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(programs)}")
    if options.list:
        for name, about in programs.items():
            console.print(f"{name:<14} {about.splitlines()[0]}")
        return 0
    logging.disable(logging.INFO)  # Airflow's import turns everybody's on
    began = datetime.now(UTC)
    chosen = options.names or list(programs)
    sections = [_run(name, programs[name], Options(options.rounds, options.quick)) for name in chosen]
    command = " ".join(["./boxoffice bench", *arguments])
    page = report.markdown(sections, command, began, quick=options.quick)
    for path in ([PAGE] if options.write else []) + ([options.output] if options.output else []):
        path.write_text(page)
        console.print(f"written: {path}")
    return 1 if any(section.failure for section in sections) else 0


def all_programs() -> dict[str, str]:
    """The modules that measure something, by name, with their docstrings.

    They are read, not imported: Airflow, which some of them import, takes seconds and logs warnings of its own.
    """
    programs: dict[str, str] = {}
    for path in sorted(Path(tests.bench.__path__[0]).glob("[!_]*.py")):
        module = ast.parse(path.read_text())
        if any(isinstance(node, ast.FunctionDef) and node.name == "measure" for node in module.body):
            programs[path.stem] = ast.get_docstring(module) or ""
    return programs


def load(name: str) -> ModuleType:
    """A program's module."""
    return importlib.import_module(f"tests.bench.{name}")


def _run(name: str, about: str, options: Options) -> Section:
    section, began = Section(name, about), time.monotonic()
    console.print(f"\n{name}: {section.about.splitlines()[0]}")
    try:
        for finding in load(name).measure(options):
            section.findings.append(finding)
            subject, *cells = finding.cells()
            console.print(f"  {subject}: {'  '.join(cell for cell in cells if cell)}".replace("**", ""))
    except Exception as error:  # noqa: BLE001  the other programs are still worth running; the exit code reports it
        traceback.print_exc()
        section.failure = f"{type(error).__name__}: {error}"
    section.seconds = time.monotonic() - began
    console.print(f"  {'failed' if section.failure else 'done'} after {section.seconds:.0f} s")
    return section


def _parser(programs: Iterable[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./boxoffice bench", description=__doc__)
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help=f"which of: {', '.join(programs)} (default: all)")
    add("--rounds", type=int, default=5, help="rounds of each comparison (default: %(default)s)")
    add("--quick", action="store_true", help="smaller sizes, for a first look")
    add("--list", action="store_true", help="show what there is, and run nothing")
    add("--write", action="store_true", help=f"write the results to {PAGE.relative_to(ROOT)}")
    add("--output", type=Path, metavar="FILE", help="write the results to a Markdown file")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
