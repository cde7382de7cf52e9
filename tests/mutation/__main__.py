"""`python -m tests.mutation FILE...`: put small errors into files, one after another, and report which none notices."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
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
    tallies = [_try(file, options) for file in options.files]
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
    parser.add_argument("--only", help="try the mutants whose description has this text")
    parser.add_argument("--list", action="store_true", help="show the mutants, run nothing")
    parser.add_argument("--report", type=Path, help="append a JSON line for each file to this one")
    return parser.parse_args(arguments)


def _try(file: str, options: argparse.Namespace) -> Tally:
    """Try the mutants of one file."""
    text = (ROOT / file).read_text("utf-8")
    every = _mutants(file, text)
    tally, chosen = Tally(file, len(every)), _sample(every, options)
    if options.list:
        print("\n".join(f"{file}:{mutant}" for mutant in chosen))
        return tally
    equivalent = _equivalent(file)
    with scratch() as directory, Runner(directory, options.tests or nearest(file)) as runner:
        clean = runner.run(600)
        if not clean.passed:
            raise SystemExit(f"{file}: the tests fail without any error put in: {clean.why}")
        for mutant in chosen:
            tally.tried += 1
            if (_line(text, mutant), mutant.change) in equivalent:
                tally.equivalent += 1
                continue
            (runner.tree / file).write_text(mutant.apply(text), "utf-8")
            verdict = runner.run(3 * clean.seconds + _MARGIN_SECONDS)
            tally.killed += not verdict.passed
            if verdict.passed:
                tally.survivors.append(str(mutant))
            state = "SURVIVED" if verdict.passed else "killed"
            print(f"{state} {verdict.seconds:.1f} s {file}:{mutant} {verdict.why}"[:400], flush=True)
    if options.report:
        with options.report.open("a", encoding="utf-8") as stream:
            content = {name: getattr(tally, name) for name in ("file", "mutants", "tried", "killed", "equivalent")}
            stream.write(json.dumps(content | {"survivors": tally.survivors}) + "\n")
    return tally


def _mutants(file: str, text: str) -> list[Mutant]:
    made = python.mutants(text) if file.endswith(".py") else sql.mutants(text)
    return list({(mutant.start, mutant.end, mutant.after): mutant for mutant in made}.values())


def _sample(every: list[Mutant], options: argparse.Namespace) -> list[Mutant]:
    chosen = [mutant for mutant in every if not options.only or options.only in str(mutant)]
    if options.sample and options.sample < len(chosen):
        chosen = random.Random(options.seed).sample(chosen, options.sample)
    return sorted(chosen, key=lambda mutant: mutant.start)


def _equivalent(file: str) -> set[tuple[str, str]]:
    """The mutants of a file that change nothing that anybody could notice: their line and their change."""
    if not _EQUIVALENT.exists():
        return set()
    entries = tomllib.loads(_EQUIVALENT.read_text("utf-8")).get("mutant", [])
    return {(entry["line"], entry["change"]) for entry in entries if entry["file"] == file}


def _line(text: str, mutant: Mutant) -> str:
    return text.splitlines()[mutant.line - 1].strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
