"""Regenerates the files that derive from sources: data dictionary, contract of the marts, the account's templates.

The local AWS reads its roles from these templates.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from infra.checkout import ROOT
from infra.checks import dictionary, marts
from infra.deploy.cdk import Cdk

_ENVIRONMENTS = ("dev", "prod")


def regenerate(home: Path, complain: Callable[[str], None]) -> Iterator[Path]:
    """Write the dictionary, the contract and the templates. Each has its own process, which reads the current files.

    Args:
        home: `BOXOFFICE_HOME`, where the CDK's environment is.
        complain: prints a file that could not be written, and the command that writes it.

    Yields:
        The files that were written, relative to the repository.
    """
    commands = {
        check.PATH.relative_to(ROOT): [sys.executable, *check.COMMAND.split()[1:]] for check in (dictionary, marts)
    }
    for name in _ENVIRONMENTS:
        template = Path("infra", "aws", f"{name}.template.json")
        commands[template] = [str(Cdk(home).python), "-m", "infra.aws", "--env", name, "--write"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for path, command in commands.items():
        try:
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        except OSError as error:
            complain(f"{path} was not written: {error}. Run: {' '.join(command)}")
        except subprocess.CalledProcessError as error:
            reason = error.stderr.strip().rpartition("\n")[2]
            complain(f"{path} was not written: {reason}. Run: {' '.join(command)}")
        else:
            yield path
