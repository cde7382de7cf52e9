"""`python -m infra.local_aws.claims [--write]`: writes the claims into the docs, or fails if they are out of date."""

import sys

from .document import COMMAND, documents


def main() -> int:
    """Returns an exit code."""
    outdated = {
        path: text for path, text in documents().items() if not path.exists() or path.read_text("utf-8") != text
    }
    if "--write" in sys.argv[1:]:
        for path, text in outdated.items():
            path.write_text(text, "utf-8")
        return 0
    for path in outdated:
        sys.stderr.write(f"docs/{path.name} is out of date: {COMMAND}\n")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main())
