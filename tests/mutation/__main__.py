"""`python -m tests.mutation FILE...`: put small errors into files, one after another, and report which none notices."""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from tests.mutation import python, sql
from tests.mutation.mutant import Mutant
from tests.mutation.runner import ROOT, Runner, scratch
from tests.mutation.targets import nearest

_EQUIVALENT = Path(__file__).with_name("equivalent.toml")
_MARGIN_SECONDS = 30.0


@dataclass(slots=True)
class Tally:
    """What became of the mutants of one file; equivalent are those that no test can notice."""

    file: str
    mutants: int
    tried: int = 0
    killed: int = 0
    equivalent: int = 0
    survivors: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Share of the mutants killed, 0 to 1, without those that are equivalent."""
        real = self.tried - self.equivalent
        return self.killed / real if real else 1.0


def main(arguments: Sequence[str]) -> int:
    """Try the mutants of each file named; 1 when any survives."""
    options = _options(arguments)
    by_tests: dict[tuple[str, ...], list[str]] = {}
    for file in options.files:
        by_tests.setdefault(tuple(options.tests or nearest(file)), []).append(file)
    tallies = [tally for tests, files in by_tests.items() for tally in _try_files(files, tests, options)]
    print("| file | mutants | tried | killed | survived | equivalent | share |\n|---|---|---|---|---|---|---|")
    for tally in tallies:
        survived = len(tally.survivors)
        print(
            f"| {tally.file} | {tally.mutants} | {tally.tried} | {tally.killed} | {survived} | {tally.equivalent} "
            f"| {tally.share:.0%} |"
        )
    return int(any(tally.survivors for tally in tallies))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("files", nargs="+", help="source files, relative to the root: Python or SQL")
    parser.add_argument("--sample", type=int, help="try this many mutants of each file, chosen by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", nargs="+", help="test files to run instead of the nearest")
    parser.add_argument(
        "--only", nargs="+", default=[""], help="try the mutants whose description has one of these texts"
    )
    parser.add_argument("--list", action="store_true", help="show the mutants, run nothing")
    parser.add_argument("--report", type=Path, help="append a JSON line for each file to this one")
    return parser.parse_args(arguments)


def _try_files(files: Sequence[str], tests: Sequence[str], options: argparse.Namespace) -> list[Tally]:
    """Try the mutants of files that the same tests are nearest to."""
    if options.list:
        return [_list(file, options) for file in files]
    with scratch() as directory, Runner(directory, tests) as runner:
        clean = runner.run(600)
        if not clean.passed:
            raise SystemExit(f"{', '.join(files)}: the tests fail without any error put in: {clean.why}")
        timeout = 3 * clean.seconds + _MARGIN_SECONDS
        return [_try(file, runner, timeout, options) for file in files]


def _list(file: str, options: argparse.Namespace) -> Tally:
    every = _mutants(file, (ROOT / file).read_text("utf-8"))
    print("\n".join(f"{file}:{mutant}" for mutant in _sample(every, options)))
    return Tally(file, len(every))


def _try(file: str, runner: Runner, timeout: float, options: argparse.Namespace) -> Tally:
    """Try the mutants of one file, each for at most `timeout` seconds."""
    copy = runner.tree / file
    text = copy.read_text("utf-8")
    every = _mutants(file, text)
    tally, equivalents, lines = Tally(file, len(every)), _equivalents(file), text.splitlines()
    for mutant in _sample(every, options):
        tally.tried += 1
        line = lines[mutant.line - 1].strip()
        if any(of_line.fullmatch(line) and change.fullmatch(mutant.change) for of_line, change in equivalents):
            tally.equivalent += 1
            continue
        copy.write_text(mutant.apply(text), "utf-8")
        verdict = runner.run(timeout)
        tally.killed += not verdict.passed
        if verdict.passed:
            tally.survivors.append(str(mutant))
        state = "SURVIVED" if verdict.passed else "killed"
        print(f"{state} {verdict.seconds:.1f} s {file}:{mutant} {verdict.why}"[:400], flush=True)
    copy.write_text(text, "utf-8")
    if options.report:
        with options.report.open("a", encoding="utf-8") as stream:
            content = {name: getattr(tally, name) for name in ("file", "mutants", "tried", "killed", "equivalent")}
            stream.write(json.dumps(content | {"survivors": tally.survivors}) + "\n")
    return tally


def _mutants(file: str, text: str) -> list[Mutant]:
    mutants = python.mutants(text) if file.endswith(".py") else sql.mutants(text)
    return list({(mutant.start, mutant.end, mutant.after): mutant for mutant in mutants}.values())


def _sample(every: list[Mutant], options: argparse.Namespace) -> list[Mutant]:
    chosen = [mutant for mutant in every if any(text in str(mutant) for text in options.only)]
    if options.sample and options.sample < len(chosen):
        chosen = random.Random(options.seed).sample(chosen, options.sample)
    return sorted(chosen, key=lambda mutant: mutant.start)


def _equivalents(file: str) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """Patterns of the mutants of a file that no test can notice: of their line, and of their change."""
    entries = tomllib.loads(_EQUIVALENT.read_text("utf-8"))["mutant"]
    return [
        (re.compile(entry.get("line", ".*")), re.compile(entry["change"]))
        for entry in entries
        if fnmatch(file, entry["file"])
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
