"""`python -m dashboards.superset [--write]`: compare Superset's files with the declarations, or write them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dashboards.superset import files
from dashboards.superset.assets import FOLDER, render


def main(arguments: Sequence[str] = ()) -> int:
    """Without `--write`, name the files that differ. Returns an exit code."""
    texts = render()
    if "--write" in arguments:
        files.write(FOLDER, texts)
        return 0
    present = files.read(FOLDER)
    stale = sorted(path for path in texts.keys() | present.keys() if texts.get(path) != present.get(path))
    for path in stale:
        print(f"dashboards/superset/assets/{path} differs from the declarations")
    if stale:
        print("Run: python -m dashboards.superset --write")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
