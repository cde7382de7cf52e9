"""Compares today's contracts with the released ones: `python -m schemas.released [--write]`; see `schemas.version`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from schemas.registry import get_source
from schemas.version import RELEASED, released_versions


def main(arguments: Sequence[str]) -> int:
    """Write today's versions next to those that were released, or report which differ. Returns an exit code."""
    released = released_versions()
    current = {
        path: dict.fromkeys(versions, get_source(source).contract_version(entity))
        for path, versions in released.items()
        for source, entity in [path.split("/")]
    }
    if "--write" in arguments:
        text = json.dumps(current, indent=2) + "\n"
        Path(__file__).with_name(RELEASED).write_text(text, "utf-8")
        return 0
    outdated = [path for path, versions in current.items() if versions != released[path]]
    for path in outdated:
        sys.stderr.write(
            f"{path}: data that its released contract validated is validated again; see schemas/version.py\n"
        )
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
