"""What is made from a source's files: the data dictionary and the account's templates (local roles come from these)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from infra.checkout import ROOT
from infra.checks.dictionary import COMMAND, PATH
from infra.deploy.cdk import Cdk

_ENVIRONMENTS = ("dev", "prod")


def regenerate(home: Path, complain: Callable[[str], None]) -> Iterator[Path]:
    """Make the dictionary and the templates again, each in a process that sees the files as they are now.

    Args:
        home: `BOXOFFICE_HOME`, where the CDK's environment is.
        complain: is told what could not be made, and which command makes it.

    Yields:
        What was made, below the repository.
    """
    commands = {PATH.relative_to(ROOT): [sys.executable, *COMMAND.split()[1:]]}
    for name in _ENVIRONMENTS:
        template = Path("infra", "aws", f"{name}.template.json")
        commands[template] = [str(Cdk(home).python), "-m", "infra.aws", "--env", name, "--write"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for path, command in commands.items():
        try:
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        except OSError as error:
            complain(f"{path} was not made: {error}. Run: {' '.join(command)}")
        except subprocess.CalledProcessError as error:
            reason = error.stderr.strip().rpartition("\n")[2]
            complain(f"{path} was not made: {reason}. Run: {' '.join(command)}")
        else:
            yield path
