"""Prints the SQL that is generated for a star: its procedures, and its quality rules as one procedure.

python -m warehouse.generated tickit
"""

from __future__ import annotations

import sys
from importlib import resources

from warehouse.migrate import Step, steps


def generated_steps() -> list[Step]:
    """The steps of a migration that are no file as it is: their SQL comes from declarations and templates."""
    return [step for step in steps() if not _is_written(step)]


def _is_written(step: Step) -> bool:
    path = resources.files("warehouse").joinpath(*step.name.split("/"))
    return path.is_file() and path.read_text("utf-8") == step.text


def main(arguments: list[str]) -> int:
    """Print the generated SQL of the stars that are named, or of all."""
    for step in generated_steps():
        if not arguments or step.name.split("/")[0] in arguments:
            sys.stdout.write(f"-- {step.name}\n{step.text.strip()}\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
