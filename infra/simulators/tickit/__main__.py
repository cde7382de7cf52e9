"""`python -m infra.simulators.tickit --to FOLDER`: writes the seven files of a made-up TICKIT."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from .files import DEFAULT_SEED, write_files


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    began = time.monotonic()
    try:
        lines = write_files(options.to, options.seed, options.scale, options.quirks)
    except (ValueError, OSError) as problem:
        print(f"tickit generator: {problem}", file=sys.stderr)
        return 2
    for name, count in lines.items():
        print(f"{count:>12,} lines  {(options.to / name).stat().st_size:>14,} bytes  {name}")
    print(f"{time.monotonic() - began:.1f} s")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.simulators.tickit", description=__doc__)
    add = parser.add_argument
    add("--to", type=Path, required=True, help="folder for the files; those in it are replaced")
    add("--seed", type=int, default=DEFAULT_SEED, help="same seed and scale, same bytes (default: %(default)s)")
    add(
        "--scale",
        type=float,
        default=1.0,
        help="1 is as many lines as published; multiplies users, listings and sales, the rest stays (default: 1)",
    )
    add(
        "--quirks",
        action="store_true",
        help="with the flaws of the published files: users' cities and states that do not match, events at venues that "
        "do not exist, wrong weekdays and days, a missing day, venues without seats",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
